/** An uploaded picture in the text: some words in place of its thousands of characters. */
import { StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view';

const PICTURE = /data:image\/[\w+]+;base64,[\w+/]{40,}=*/g;

class PictureWords extends WidgetType {
  readonly kilobytes: number;
  constructor(kilobytes: number) {
    super();
    this.kilobytes = kilobytes;
  }
  override eq(other: PictureWords): boolean {
    return other.kilobytes === this.kilobytes;
  }
  override toDOM(): HTMLElement {
    return Object.assign(document.createElement('span'), {
      className: 'cm-picture',
      textContent: `uploaded picture, ${this.kilobytes} kB`,
    });
  }
}

const picturesIn = ({ doc }: EditorState): DecorationSet =>
  Decoration.set(
    [...doc.toString().matchAll(PICTURE)].map(({ index, 0: { length } }) =>
      Decoration.replace({ widget: new PictureWords(Math.ceil((length * 3) / 4_000)) }).range(index, index + length),
    ),
  );

const pictureField = StateField.define<DecorationSet>({
  create: picturesIn,
  update(pictures, { changes, docChanged, state }) {
    if (!docChanged) return pictures;
    // Looking through a long text with each key takes too long, and no one types a picture.
    let isLarge = false;
    changes.iterChanges((_a, _b, _c, _d, inserted) => void (isLarge ||= inserted.length > 40));
    return isLarge ? picturesIn(state) : pictures.map(changes);
  },
  provide: (field) => [
    EditorView.decorations.from(field),
    EditorView.atomicRanges.of((view) => view.state.field(field)),
  ],
});

export const pictures: Extension = pictureField;
