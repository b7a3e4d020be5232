/**
 * Control characters other than tab and line ends, and halves of characters. No keyboard types them, so no answer has
 * them.
 */
export const UNTYPABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]/u;
