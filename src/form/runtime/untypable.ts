/**
 * Control characters other than tab and line ends, and halves of characters. No keyboard types them, so no answer has
 * them. U+000B and U+000C are line ends: people paste them from documents and slides.
 */
export const UNTYPABLE = /[\u0000-\u0008\u000e-\u001f\u007f\p{Cs}]/u;
