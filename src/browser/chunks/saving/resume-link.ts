/** A link that opens this submission on any device, to copy, to mail, or to scan. */
import { fillPipes } from '../../../form/runtime/text.ts';
import { button, element } from '../../element.ts';
import { pause, type PageContext } from '../../page-context.ts';
import { resumeAddress } from '../resume-address.ts';
import { load as loadQr } from 'chunk:qr';
import { elsewhere as words, keep } from 'virtual:words';

/** The panel, once the server has the screen that the person has just left. It waits for some seconds at most. */
export async function panelOnceSaved(page: PageContext): Promise<HTMLElement> {
  await Promise.race([page.chunk('submission').then((submission) => submission.flush()), pause()]);
  return resumeLinkPanel(page);
}

/** The panel with the link. The QR code follows a moment later. */
export function resumeLinkPanel(page: PageContext): HTMLElement {
  const { view } = page;
  const link = location.origin + resumeAddress(page);
  const field = element('input', { readOnly: true, value: link, dir: 'ltr' });
  field.setAttribute('aria-label', words.copyLink);
  field.onfocus = () => field.select();
  const copy = button(words.copyLink, () => {
    field.select();
    // Browsers inside apps refuse `navigator.clipboard`, and pages without https have none.
    if (document.execCommand('copy')) copy.textContent = words.copied;
  });
  const subject = fillPipes(words.mailSubject, { form: view.title });
  const mail = element('a', {
    className: 'button',
    textContent: words.mailLink,
    href: `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${view.title}\n${link}`)}`,
  });
  const { device } = page;
  const about = element('p');
  // The link shows only answers that the server has. Those of a further screen can wait too.
  const followSaves = async () => {
    let shown = '';
    do {
      const text = device.state.saves[0] ? keep.stay : words.laterText;
      // A text that is set again is no longer selected, and a screen reader loses its place in it. The browser may have
      // translated it.
      if (shown !== text) about.textContent = shown = text;
      await pause();
    } while (about.isConnected);
  };
  void followSaves();
  const panel = element('div', { className: 'panel near', id: 'later', tabIndex: -1 }, about, field, copy, mail);
  const drawCode = async () => {
    const { qrCode } = await loadQr();
    const scan = element('p', { className: 'dim', textContent: words.scan });
    const code = element('div');
    code.innerHTML = qrCode(link);
    const picture = code.firstElementChild as SVGElement;
    Object.assign(picture.style, { display: 'block', inlineSize: '100%', maxInlineSize: '15rem', blockSize: 'auto' });
    panel.append(scan, code);
  };
  // The link works without the code.
  void drawCode().catch(() => undefined);
  return panel;
}
