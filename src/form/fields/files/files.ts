/** Fields for files: file and signature. The answer is the ids of files that the person uploaded before. */
import { z } from 'zod';
import { commaIn, localeOf, type Language } from '../../wording/wording.ts';
import { commonKeys, type Control, type FieldType, type FileLimits, type Problem } from '../field-type.ts';
import { GROUPS, MEDIA_TYPES, mediaTypesOf } from './media-types.ts';
import { inEach } from '../sentences.ts';

/** A file that another program shows as "10 MB" must fit a limit of 10 MB, so these are the larger, binary units. */
const UNITS = { kb: 1024, mb: 1024 * 1024 };
const MAX_FILE_BYTES = 25 * UNITS.mb;

/** A drawn signature is a few kB. Without a script, people upload a photo of one. */
const MAX_SIGNATURE_BYTES = 5 * UNITS.mb;

/** Bytes of `10 MB`; NaN for a text that is no size. */
function bytesOf(size: string): number {
  const [, number, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?(kb|mb)$/i.exec(size) ?? [];
  return Math.floor(Number(number) * UNITS[unit.toLowerCase() as keyof typeof UNITS]);
}

/** The fix for a bare number: a few are megabytes. */
const noUnit = (size: number) =>
  `has no unit; write \`max_size: ${size} ${size * UNITS.mb <= MAX_FILE_BYTES ? 'MB' : 'kB'}\``;

// A file can't be a default.
const { default: _default, ...keys } = commonKeys;

const fileSchema = z.strictObject({
  type: z.literal('file'),
  ...keys,
  accept: z
    .array(z.enum([...GROUPS, ...Object.keys(MEDIA_TYPES)]))
    .min(1, 'is empty; name at least one kind of file, like [pdf]')
    .default(['image', 'pdf'])
    .describe(
      'The kinds of file that people can send: image, pdf, document, spreadsheet, or a media type such as image/png',
    ),
  max_size: z
    .string({ error: ({ input }) => (typeof input === 'number' ? noUnit(input) : undefined) })
    .refine((size) => bytesOf(size) > 0, 'is not a size; write one like 10 MB or 500 kB')
    .refine((size) => !(bytesOf(size) > MAX_FILE_BYTES), 'is more than 25 MB; write 25 MB or less')
    .default('10 MB')
    .describe('The largest size of a file, up to 25 MB'),
  max_files: z.int().min(1).max(10).default(1).describe('The largest number of files, up to 10'),
});

const signatureSchema = z.strictObject({ type: z.literal('signature'), ...keys });

type FileField = z.infer<typeof fileSchema>;
type SignatureField = z.infer<typeof signatureSchema>;

const fileLimitsOf = ({ accept, max_size: size, max_files: maxFiles }: FileField): FileLimits => ({
  types: mediaTypesOf(accept),
  maxBytes: bytesOf(size),
  maxFiles,
});

const signatureLimits = (): FileLimits => ({
  types: ['image/png', 'image/jpeg'],
  maxBytes: MAX_SIGNATURE_BYTES,
  maxFiles: 1,
});

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function read({ maxFiles }: FileLimits, raw: unknown): { answer: string[] } | { problem: Problem } {
  if (!Array.isArray(raw) || !raw.every((id): id is string => typeof id === 'string' && ID.test(id))) {
    return { problem: 'choice' };
  }
  if (new Set(raw).size < raw.length) return { problem: 'choice' };
  return raw.length > maxFiles ? { problem: 'many' } : { answer: raw };
}

/** Files as numbers, because only the record knows their names. */
const counted: Record<Language, (files: number) => string> = {
  en: (files) => (files === 1 ? '1 file' : `${files} files`),
  es: (files) => (files === 1 ? '1 archivo' : `${files} archivos`),
  fil: (files) => `${files} file`,
  id: (files) => `${files} berkas`,
  zh: (files) => `${files} 个文件`,
  ar: (files) => `عدد الملفات: ${files}`,
};

/** The sentences of a field. In addition to those of reading: `size` too large, `type` not accepted, `short` empty. */
type FileSentences = (kinds: string, size: string, maxFiles: number) => Partial<Record<Problem, string>>;

const file: Record<Language, FileSentences> = {
  en: (kinds, size, maxFiles) => ({
    type: `Choose a file of one of these kinds: ${kinds}`,
    size: `Choose a file of ${size} or less`,
    short: 'Choose another file, because this one is empty',
    many: maxFiles === 1 ? 'Choose one file only' : `Choose ${maxFiles} files at most`,
    choice: 'Choose the file again',
  }),
  es: (kinds, size, maxFiles) => ({
    type: `Elige un archivo de uno de estos tipos: ${kinds}`,
    size: `Elige un archivo de ${size} o menos`,
    short: 'Elige otro archivo, porque este está vacío',
    many: maxFiles === 1 ? 'Elige un solo archivo' : `Elige ${maxFiles} archivos como máximo`,
    choice: 'Elige el archivo otra vez',
  }),
  fil: (kinds, size, maxFiles) => ({
    type: `Pumili ng file na isa sa mga uring ito: ${kinds}`,
    size: `Pumili ng file na ${size} o mas maliit`,
    short: 'Pumili ng ibang file, dahil walang laman ang isang ito',
    many: maxFiles === 1 ? 'Isang file lang ang piliin' : `Pumili ng hanggang ${maxFiles} file`,
    choice: 'Piliin ulit ang file',
  }),
  id: (kinds, size, maxFiles) => ({
    type: `Pilih berkas dengan salah satu jenis ini: ${kinds}`,
    size: `Pilih berkas berukuran ${size} atau kurang`,
    short: 'Pilih berkas lain, karena berkas ini kosong',
    many: maxFiles === 1 ? 'Pilih satu berkas saja' : `Pilih paling banyak ${maxFiles} berkas`,
    choice: 'Pilih berkasnya lagi',
  }),
  zh: (kinds, size, maxFiles) => ({
    type: `请选择以下类型的文件：${kinds}`,
    size: `请选择不超过 ${size} 的文件`,
    short: '此文件是空的，请选择其他文件',
    many: maxFiles === 1 ? '只能选择一个文件' : `最多选择 ${maxFiles} 个文件`,
    choice: '请重新选择文件',
  }),
  ar: (kinds, size, maxFiles) => ({
    type: `اختر ملفًا من أحد هذه الأنواع: ${kinds}`,
    size: `اختر ملفًا حجمه ${size} أو أقل`,
    short: 'اختر ملفًا آخر، لأن هذا الملف فارغ',
    many: maxFiles === 1 ? 'اختر ملفًا واحدًا فقط' : `العدد الأقصى للملفات: ${maxFiles}`,
    choice: 'اختر الملف مرة أخرى',
  }),
};

const signed = (picture: string, again: string): FileSentences => {
  return () => ({ type: picture, size: picture, short: again, many: again, choice: again });
};

const sign: Record<Language, FileSentences> = {
  en: signed('Choose a PNG or JPEG picture of your signature, of 5 MB or less', 'Add your signature again'),
  es: signed('Elige una imagen PNG o JPEG de tu firma, de 5 MB o menos', 'Agrega tu firma otra vez'),
  fil: signed('Pumili ng PNG o JPEG na larawan ng iyong pirma, 5 MB o mas maliit', 'Ilagay ulit ang iyong pirma'),
  id: signed('Pilih gambar PNG atau JPEG tanda tangan Anda, 5 MB atau kurang', 'Tambahkan lagi tanda tangan Anda'),
  zh: signed('请选择您签名的 PNG 或 JPEG 图片，不超过 5 MB', '请重新签名'),
  ar: signed('اختر صورة PNG أو JPEG لتوقيعك، بحجم 5 MB أو أقل', 'أضف توقيعك مرة أخرى'),
}; // prettier-ignore

const sentencesOf = <F extends { required: boolean }>(
  words: Record<Language, FileSentences>,
  limits: (field: F) => FileLimits,
): FieldType<F>['sentences'] =>
  inEach(words, (write, field, language) => {
    const { types, maxBytes, maxFiles } = limits(field);
    const kinds = types.map((type) => MEDIA_TYPES[type]?.name).join(commaIn(language));
    return write(kinds, limitInWords(maxBytes, language), maxFiles);
  });

/** A size as people read it, such as `10 MB` or `1.5 MB`. Less than a kilobyte is 1 kB. */
export const sizeInWords = (bytes: number, language: Language): string =>
  bytes < UNITS.mb
    ? inUnits(Math.max(1, Math.round(bytes / UNITS.kb)), 'kilobyte', language)
    : inUnits(Math.round((bytes / UNITS.mb) * 10) / 10, 'megabyte', language);

/** A limit, with up to three decimals. If 1.26 MB were 1.3 MB, a file of 1.28 MB would seem to fit. */
export const limitInWords = (bytes: number, language: Language): string =>
  bytes < UNITS.mb ? inUnits(bytes / UNITS.kb, 'kilobyte', language) : inUnits(bytes / UNITS.mb, 'megabyte', language);

const inUnits = (number: number, unit: 'kilobyte' | 'megabyte', language: Language): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'short' }).format(number);

function control({ types, maxBytes, maxFiles }: FileLimits, signature: boolean): Control {
  // If HEIC is not named, a phone with HEIC photos sends JPEG, which any computer can show.
  const named = types.filter((type) => type !== 'image/heic' || types.length === 1);
  const endings = named.flatMap((type) => MEDIA_TYPES[type]?.endings.map((ending) => `.${ending}`) ?? []);
  return { kind: 'files', accept: [...named, ...endings].join(','), maxFiles, maxBytes, signature };
}

/** Files that the person chooses. */
export const fileType: FieldType<FileField> = {
  schema: fileSchema,
  noun: 'a file',
  manual: {
    about: 'One file or several: a photo of an ID, a payslip.',
    example: `
- { id: payslip, type: file, label: Your last payslip, required: true }`,
  },
  otherNames: ['upload'],
  kind: 'files',
  control: (field) => control(fileLimitsOf(field), false),
  features: () => ['files'],
  values: () => undefined,
  files: fileLimitsOf,
  read: (field, raw) => read(fileLimitsOf(field), raw),
  sentences: sentencesOf(file, fileLimitsOf),
  show: (_field, answer, language) => counted[language](Array.isArray(answer) ? answer.length : 0),
};

/** A signature, drawn or chosen as a picture. */
export const signature: FieldType<SignatureField> = {
  schema: signatureSchema,
  noun: 'a signature',
  manual: {
    about: 'A signature, drawn with the finger or the mouse.',
    example: `
- { id: signed, type: signature, label: Sign here, required: true }`,
  },
  kind: 'files',
  control: () => control(signatureLimits(), true),
  features: () => ['files'],
  values: () => undefined,
  files: signatureLimits,
  read: (_field, raw) => read(signatureLimits(), raw),
  sentences: sentencesOf(sign, signatureLimits),
  show: (_field, _answer, language) =>
    ({ en: 'Signed', es: 'Firmado', fil: 'May pirma', id: 'Sudah ditandatangani', zh: '已签名', ar: 'تم التوقيع' })[language],
}; // prettier-ignore
