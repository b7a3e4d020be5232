/** A signature, drawn or typed. Both become a picture, uploaded like any file. */
import { button, element } from '../../element.ts';
import { files as words } from 'virtual:words';

/** Size of the picture, in pixels. */
const WIDTH = 800;
const HEIGHT = 300;

/** @returns a function that uploads the signature, and resolves to whether there was one */
export function openSignature(field: HTMLElement, onSigned: (file: File) => void): () => Promise<boolean> {
  const canvas = element('canvas', {
    width: WIDTH,
    height: HEIGHT,
    className: 'sign',
    tabIndex: -1,
    ariaHidden: 'true',
  });
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  const name = element('input', { type: 'text', autocomplete: 'name', maxLength: 100 });
  const nameLabel = element('label', { textContent: words.name, hidden: true }, name);
  let drawn = false;

  function clear(): void {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.fillStyle = pen.strokeStyle = '#1d1c1a';
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = 'round';
    drawn = false;
  }
  clear();

  const at = ({ clientX, clientY }: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * WIDTH, ((clientY - box.top) / box.height) * HEIGHT];
  };
  canvas.onpointerdown = (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
  };
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    // A tap alone is no signature. A person who scrolls can touch the pad.
    drawn = true;
    for (const one of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...at(one));
    pen.stroke();
  };

  name.oninput = () => {
    clear();
    const text = name.value.trim();
    drawn = text !== '';
    pen.font = 'italic 90px "Snell Roundhand", "Segoe Script", "Brush Script MT", cursive';
    const size = Math.min(90, (90 * (WIDTH - 80)) / pen.measureText(text).width);
    pen.font = pen.font.replace('90px', `${size}px`);
    pen.textBaseline = 'middle';
    pen.textAlign = 'center';
    pen.fillText(text, WIDTH / 2, HEIGHT / 2);
  };

  const modeButton = button(words.typed, () => {
    nameLabel.hidden = !nameLabel.hidden;
    canvas.hidden = !nameLabel.hidden;
    hint.hidden = canvas.hidden;
    modeButton.textContent = nameLabel.hidden ? words.typed : words.draw;
    name.value = '';
    clear();
    if (!nameLabel.hidden) name.focus();
  }, 'quiet'); // prettier-ignore
  const hint = element('p', { className: 'help', textContent: words.sign });
  async function use(): Promise<boolean> {
    if (!drawn) return false;
    // A second click while the picture is made does not send it again.
    drawn = false;
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (!blob) return false;
    onSigned(new File([blob], `${words.signed}.png`, { type: 'image/png' }));
    name.value = '';
    clear();
    return true;
  }
  const focusFirst = () => (nameLabel.hidden ? modeButton : name).focus();
  const submitOrFocus = async () => (await use()) || focusFirst();
  const pad = element('div', { className: 'near add' });
  pad.append(
    hint,
    canvas,
    nameLabel,
    button(words.use, () => void submitOrFocus(), 'button'),
  );
  pad.append(
    element(
      'div',
      { className: 'head' },
      modeButton,
      button(words.clear, () => ((name.value = ''), clear()), 'quiet'),
    ),
  );
  const plain = field.querySelector<HTMLElement>('.add');
  plain?.classList.remove('add');
  if (plain) plain.hidden = true;
  plain?.after(pad);
  // The input is hidden. A link to its error must focus the signature instead.
  const input = field.querySelector<HTMLInputElement>('[type=file]');
  if (input) input.focus = focusFirst;
  return use;
}
