/** The entries of a form, as `new FormData(form)` gives them; files are left out. */
export type Entries = [name: string, value: string][];

/** An answer in several parts, from the controls `id.part`. Undefined if none was filled in. */
export function compositeOf(id: string, entries: Entries): Record<string, string> | undefined {
  const parts = entries.flatMap(([name, value]): Entries => {
    const typed = value.trim();
    return name.startsWith(`${id}.`) && typed ? [[name.slice(id.length + 1), typed]] : [];
  });
  return parts.length ? Object.fromEntries(parts) : undefined;
}
