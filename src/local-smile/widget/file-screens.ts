import type { WidgetArchive, WidgetFileType } from './api.ts';
import { widgetButton, h, widgetIcon } from './dom.ts';
import { field, form } from './form.ts';
import { working } from './notes.ts';
import type { WidgetScreen } from './view.ts';
import { words } from './words.ts';

const MAX_BYTES = 15 * 1024 * 1024;
const accepted = /\.(pdf|png|jpe?g)$/i;

export function fileTypeList(props: {
  fileTypes: WidgetFileType[];
  sent: Set<string>;
  back: (() => void) | undefined;
  onPick: (fileType: WidgetFileType) => void;
}): WidgetScreen {
  const { files: text } = words;
  const entry = (fileType: WidgetFileType) => {
    const [nameId, aboutId] = [`name-${fileType.type}`, `about-${fileType.type}`];
    const sent = props.sent.has(fileType.type);
    return h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'entry',
          'aria-labelledby': nameId,
          'aria-describedby': sent && aboutId,
          onclick: () => props.onPick(fileType),
        },
        h(
          'span',
          { class: 'grow' },
          h('b', { id: nameId }, fileType.label),
          sent && h('span', { id: aboutId, class: 'note ok' }, widgetIcon('done'), text.sent),
        ),
        widgetIcon('next'),
      ),
    );
  };
  return {
    name: 'files',
    heading: text.heading,
    back: props.back,
    body: [h('p', {}, text.intro), h('ul', { class: 'list' }, ...props.fileTypes.map(entry))],
  };
}

export function fileTypeScreen(
  { label, subTypes }: WidgetFileType,
  on: {
    back: () => void;
    onSample: (() => Promise<File | undefined> | undefined) | undefined;
    onSubmit: (files: Map<string, File>) => void;
  },
): WidgetScreen {
  const { files: text } = words;
  const parts = subTypes.map((part, index) => ({
    type: part.type,
    field: field({
      id: `file-${part.type}`,
      label: part.label,
      help: index === 0 ? text.help : undefined,
      required: index === 0,
      fault: ({ files }) => faultOf(files?.[0], index === 0),
      attributes: { type: 'file', accept: '.pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg' },
    }),
  }));
  const first = parts[0]?.field;
  const sample = async () => {
    const file = await on.onSample?.();
    if (!file || !first) return;
    const held = new DataTransfer();
    held.items.add(file);
    first.input.files = held.files;
    first.check();
  };
  return {
    name: 'file',
    heading: text.send(label),
    back: on.back,
    body: [
      form(
        parts.map(({ field }) => field),
        text.submit,
        () => {
          const chosen = parts.flatMap(({ type, field }) => [...(field.input.files ?? [])].map((file) => [type, file]));
          on.onSubmit(new Map(chosen as [string, File][]));
        },
      ),
      ...(on.onSample
        ? [h('p', { class: 'dim' }, text.testHelp), widgetButton('other', text.sample, () => void sample())]
        : []),
    ],
  };
}

/** The problem with a file, before it is sent. */
function faultOf(file: File | undefined, required: boolean): string | undefined {
  const { files: text } = words;
  if (!file) return required ? text.noFile : undefined;
  if (!accepted.test(file.name)) return text.wrongType;
  return file.size > MAX_BYTES ? text.tooLarge : undefined;
}

export function uploading({ label }: WidgetFileType): WidgetScreen {
  return { name: 'uploading', heading: words.files.send(label), body: [working(words.files.uploading)] };
}

export function uploaded(
  fileType: WidgetFileType,
  archive: WidgetArchive,
  on: { onDone: () => void; onAnother: () => void },
): WidgetScreen {
  const { files: text } = words;
  return {
    name: 'uploaded',
    heading: text.uploadedHeading(fileType.label),
    body: [
      h('p', {}, text.uploaded),
      archivePanel(fileType, archive),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', words.done, on.onDone),
        widgetButton('other', text.another, on.onAnother),
      ),
    ],
  };
}

export function archiveStatus(
  fileType: WidgetFileType,
  archive: WidgetArchive,
  on: { back: () => void; onDone: () => void; onAnother: () => void; onRemove: () => void },
): WidgetScreen {
  const { files: text } = words;
  return {
    name: 'archive',
    heading: text.yours(fileType.label),
    back: on.back,
    body: [
      archivePanel(fileType, archive),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', words.done, on.onDone),
        widgetButton('other', text.more, on.onAnother),
        widgetButton('other', text.remove, on.onRemove),
      ),
    ],
  };
}

export function confirmRemove(
  { label }: WidgetFileType,
  on: { onConfirm: () => void; onKeep: () => void },
): WidgetScreen {
  const { files: text } = words;
  return {
    name: 'confirm-remove',
    heading: text.confirmHeading(label),
    back: on.onKeep,
    body: [
      h('p', {}, text.confirm),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', text.remove, on.onConfirm),
        widgetButton('other', text.keep, on.onKeep),
      ),
    ],
  };
}

export function removing({ label }: WidgetFileType): WidgetScreen {
  return { name: 'removing', heading: label, body: [working(words.files.removing)] };
}

export function removed({ label }: WidgetFileType, onAnother: () => void): WidgetScreen {
  const { files: text } = words;
  return {
    name: 'removed',
    heading: text.removedHeading(label),
    body: [h('p', {}, text.removed), widgetButton('other', text.another, onAnother)],
  };
}

function archivePanel({ label }: WidgetFileType, { rawFiles }: WidgetArchive) {
  return h(
    'div',
    { class: 'panel near' },
    h('b', {}, label),
    h('ul', {}, ...rawFiles.map(({ name }) => h('li', { class: 'dim' }, name))),
    h('p', { class: 'note ok' }, widgetIcon('done'), h('b', {}, words.files.sent)),
  );
}
