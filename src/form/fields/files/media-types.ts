/** The kinds of file that a form can ask for. SVG, HTML and files that can contain programs are never accepted. */
interface MediaType {
  /** The name for people. */
  name: string;
  group: 'image' | 'pdf' | 'document' | 'spreadsheet';
  /** The endings of file names, the usual one first. */
  endings: [string, ...string[]];
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';

export const MEDIA_TYPES = {
  'image/jpeg': { name: 'JPEG', group: 'image', endings: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  'image/png': { name: 'PNG', group: 'image', endings: ['png'] },
  'image/webp': { name: 'WebP', group: 'image', endings: ['webp'] },
  'image/heic': { name: 'HEIC', group: 'image', endings: ['heic', 'heif'] },
  'application/pdf': { name: 'PDF', group: 'pdf', endings: ['pdf'] },
  [`${OFFICE}.wordprocessingml.document`]: { name: 'Word (docx)', group: 'document', endings: ['docx'] },
  'application/vnd.oasis.opendocument.text': { name: 'ODT', group: 'document', endings: ['odt'] },
  [`${OFFICE}.spreadsheetml.sheet`]: { name: 'Excel (xlsx)', group: 'spreadsheet', endings: ['xlsx'] },
  'application/vnd.oasis.opendocument.spreadsheet': { name: 'ODS', group: 'spreadsheet', endings: ['ods'] },
} as const satisfies Record<string, MediaType> as Record<string, MediaType>;

export const GROUPS = ['image', 'pdf', 'document', 'spreadsheet'] as const;

/** The media types that `accept`, a list of groups and media types, stands for. */
export const mediaTypesOf = (accept: readonly string[]): string[] =>
  Object.keys(MEDIA_TYPES).filter((type) => accept.includes(type) || accept.includes(MEDIA_TYPES[type]?.group ?? ''));
