/** The name of the picture of a card. Networks show no SVG. */
export const CARD_NAME = /^[\w-][\w.-]*\.(png|jpe?g|webp)$/i;

/** The name of a picture beside the form. It can't lead out of its folder. */
export const LOGO_NAME = /^[\w-][\w.-]*\.(svg|png|jpe?g|webp)$/i;

/** A logo that was uploaded: the picture itself, in the text of the form. */
export const LOGO_DATA = /^data:image\/(svg\+xml|png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$/;

/** The most characters of an uploaded logo, which are 45 kB. Each save of the text sends them. */
export const MAX_LOGO_CHARACTERS = 60_000;

/** A line of a form's text with its pictures cut short, for people who look at the line. */
export const withoutPictures = (line: string): string =>
  line.replace(/(data:image\/[\w+]+;base64,[\w+/]{12})[\w+/=]+/g, '$1…');
