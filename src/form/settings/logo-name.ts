/** The name of the picture of a card. Networks show no SVG. */
export const CARD_NAME = /^[\w-][\w.-]*\.(png|jpe?g|webp)$/i;

/** The name of a picture beside the form, and no way out of its folder. */
export const LOGO_NAME = /^[\w-][\w.-]*\.(svg|png|jpe?g|webp)$/i;
