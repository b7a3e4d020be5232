/** What the headers of a request tell about its sender. */
import type { DeviceClass } from '../record/links/clicks.ts';

type HeaderOf = (name: string) => string | undefined;

const ROBOT = /bot\b|bot\/|crawl|spider|headless|preview|facebookexternalhit|python|curl|wget|java\/|go-http/i;
const MAX_AGENT_CHARACTERS = 1_000;

/** Whether a request comes from a program and not from a person's browser. */
export function isRobot(header: HeaderOf): boolean {
  const agent = header('user-agent') ?? '';
  return !agent || agent.length > MAX_AGENT_CHARACTERS || ROBOT.test(agent) || !header('accept-language');
}

/** The kind of device that a browser says it runs on. */
export function deviceOf(header: HeaderOf): DeviceClass {
  const agent = (header('user-agent') ?? '').slice(0, MAX_AGENT_CHARACTERS);
  if (/ipad|tablet|kindle|silk\/|playbook/i.test(agent)) return 'tablet';
  if (/mobi|iphone|ipod/i.test(agent)) return 'phone';
  if (/android/i.test(agent)) return 'tablet';
  return /windows|macintosh|x11|linux|cros/i.test(agent) ? 'desktop' : 'unknown';
}
