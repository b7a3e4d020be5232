/** Shows the page in light or dark colors: applies the rules for dark mode, or none of them, whatever the device prefers. */
export function setColors(dark: boolean): void {
  for (const { cssRules } of document.styleSheets) {
    for (const rule of cssRules) {
      if (!(rule instanceof CSSMediaRule) || !isForDark(rule)) continue;
      darkRules.add(rule);
      rule.media.mediaText = dark ? 'all' : 'not all';
    }
  }
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}

const darkRules = new WeakSet<CSSMediaRule>();
const isForDark = (rule: CSSMediaRule) => darkRules.has(rule) || rule.media.mediaText.includes('prefers-color-scheme');
