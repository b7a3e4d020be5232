/** The states of a Wink screen, and when people can leave it. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/form/runtime/journey.ts';
import { mayLeave, screenState, statesLeft, type Require, type WinkState } from '../../src/form/runtime/wink.ts';
import { messages } from '../helpers/compile.ts';

const came = (...widgets: [Require, WinkState][]) =>
  screenState(widgets.map(([require, state]) => ({ require, state })));

const screen = (requires: Require[], next: Rule[] = []) => ({
  id: 'connect',
  wink: requires.map((require) => ({ require })),
  next,
});

describe('a screen with one widget', () => {
  it.each(['connected', 'uploaded', 'failed', 'skipped'] as const)('has the state of its widget: %s', (state) => {
    expect(came(['connected', state])).toBe(state);
  });
});

describe('a screen with several widgets', () => {
  it('is connected once each has the required connections', () => {
    expect(came(['connected', 'connected'], ['any', 'uploaded'])).toBe('connected');
    expect(came(['connected', 'connected'], ['none', 'skipped'])).toBe('connected');
  });

  it('is uploaded where nothing had to be connected, and nothing was', () => {
    expect(came(['uploaded', 'uploaded'], ['any', 'uploaded'])).toBe('uploaded');
  });

  it('is skipped while one lacks a required connection, in any state of the others', () => {
    expect(came(['connected', 'connected'], ['connected', 'skipped'])).toBe('skipped');
    expect(came(['connected', 'connected'], ['connected', 'uploaded'])).toBe('skipped');
  });

  it('is failed when one without its required connection has failed', () => {
    expect(came(['connected', 'connected'], ['any', 'failed'])).toBe('failed');
  });

  it('is not failed by one that requires nothing', () => {
    expect(came(['connected', 'connected'], ['none', 'failed'])).toBe('connected');
  });

  it('can be left in the states in which all have the required connections', () => {
    expect(statesLeft(screen(['connected', 'uploaded']))).toEqual(['connected']);
    expect(statesLeft(screen(['uploaded', 'uploaded']))).toEqual(['uploaded']);
    expect(statesLeft(screen(['any', 'none']))).toEqual(['connected', 'uploaded']);
    expect(statesLeft(screen(['none', 'none']))).toEqual(['connected', 'uploaded', 'failed', 'skipped']);
  });

  it('can be left unmet only through a rule that names its state', () => {
    const failed: Rule = { when: ['is', 'connect', ['failed']], go: 'upload' };
    expect(mayLeave(screen(['connected', 'connected']), { connect: 'failed' })).toBe(false);
    expect(mayLeave(screen(['connected', 'connected'], [failed]), { connect: 'failed' })).toBe(true);
    expect(mayLeave(screen(['connected', 'connected'], [failed]), { connect: 'skipped' })).toBe(false);
  });

  it('is read by rules under its id, as the check knows', () => {
    const rule = (state: string) => `
title: Two jobs
screens:
  - id: connect
    title: Connect
    wink:
      - { title: Main job, require: connected }
      - { title: Side job, require: none }
    next: [{ when: { connect: ${state} }, go: later }]
endings: [{ id: done, title: Done }, { id: later, title: Later }]
`;
    expect(messages(rule('skipped'))).toEqual([]);
    expect(messages(rule('uploaded'))).not.toEqual([]);
  });
});
