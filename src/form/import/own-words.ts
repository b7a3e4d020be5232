/** The texts that an import writes itself, in each language of Flipsite. */
import { OwnWords } from './draft.ts';

/** A title for a screen without one in the source. */
export const partTitle = (number: number): OwnWords =>
  new OwnWords(
    new Map([
      ['en', `Part ${number}`],
      ['es', `Parte ${number}`],
      ['fil', `Bahagi ${number}`],
      ['id', `Bagian ${number}`],
      ['zh', `第 ${number} 部分`],
      ['ar', `الجزء ${number}`],
    ]),
  );

/** The title of an ending without one in the source. */
export const thanks = (): OwnWords =>
  new OwnWords(
    new Map([
      ['en', 'Thank you'],
      ['es', 'Gracias'],
      ['fil', 'Salamat'],
      ['id', 'Terima kasih'],
      ['zh', '谢谢'],
      ['ar', 'شكرًا'],
    ]),
  );
