/** A signature: drawn with a finger, or typed by whoever cannot draw. Either way it becomes a picture, sent like any file. */
import { button, element } from '../element.ts';
import { files as words } from 'virtual:words';

/** Size of the picture, in pixels. */
const WIDTH = 800;
const HEIGHT = 300;

/** @returns hands over what stands in the box; whether there was anything */
export function openSignature(field: HTMLElement, take: (file: File) => void): () => Promise<boolean> {
  const canvas = element('canvas', {
    width: WIDTH,
    height: HEIGHT,
    className: 'sign',
    tabIndex: -1,
    ariaHidden: 'true',
  });
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  const name = element('input', { type: 'text', autocomplete: 'name', maxLength: 100 });
  const named = element('label', { textContent: words.name, hidden: true }, name);
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
    drawn = true;
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
  };
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
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

  const other = button(words.typed, () => {
    named.hidden = !named.hidden;
    canvas.hidden = !named.hidden;
    hint.hidden = canvas.hidden;
    other.textContent = named.hidden ? words.typed : words.draw;
    name.value = '';
    clear();
    if (!named.hidden) name.focus();
  }, 'quiet'); // prettier-ignore
  const hint = element('p', { className: 'help', textContent: words.sign });
  async function use(): Promise<boolean> {
    const blob = drawn && (await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png')));
    if (!blob) return false;
    take(new File([blob], `${words.signed}.png`, { type: 'image/png' }));
    name.value = '';
    clear();
    return true;
  }
  const begin = () => (named.hidden ? other : name).focus();
  const press = async () => (await use()) || begin();
  const pad = element('div', { className: 'near add' });
  pad.append(
    hint,
    canvas,
    named,
    button(words.use, () => void press(), 'button'),
  );
  pad.append(
    element(
      'div',
      { className: 'head' },
      other,
      button(words.clear, () => ((name.value = ''), clear()), 'quiet'),
    ),
  );
  const plain = field.querySelector<HTMLElement>('.add');
  plain?.classList.remove('add');
  if (plain) plain.hidden = true;
  plain?.after(pad);
  // The input is out of sight; whoever is led to it, by an error, comes to where one signs.
  const input = field.querySelector<HTMLInputElement>('[type=file]');
  if (input) input.focus = begin;
  return use;
}
