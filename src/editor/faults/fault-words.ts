/** Errors as people read them who never see the text: by the titles of questions and screens, not by lines and ids. Pure. */
import type { Path, Value } from '../../form/edit/edit.ts';
import type { Outline, OutlinePart } from '../../form/edit/outline.ts';
import { endingsOf, idOf, nameAt, placedFields, screensOf } from '../form-data.ts';

/** The part that a line belongs to, with its title: "Full name · 1 About you". Undefined between the parts. */
export function faultPlace(outline: Outline, data: Value, line: number): { path: Path; title: string } | undefined {
  const at = (parts: readonly OutlinePart[]) => parts.find(({ lines }) => lines.first <= line && line <= lines.last);
  const ending = at(outline.endings);
  if (ending) return { path: ending.path, title: nameAt(data, ending.path) || 'Ending' };
  const screen = at(outline.screens);
  if (!screen) return at(outline.settings) && { path: [], title: 'Settings' };
  const number = Number(screen.path[1]) + 1;
  const title = `${number} ${nameAt(data, screen.path)}`.trim();
  const field = at(screen.parts);
  if (!field) return { path: screen.path, title };
  return { path: field.path, title: `${nameAt(data, field.path) || 'Question'} · ${title}` };
}

/** A sentence with the titles of screens, questions and endings in place of their ids: “Full name”, not `full_name`. */
export function withTitles(sentence: string, data: Value): string {
  return sentence.replace(/`([\w-]+)`/g, (written, id: string) => {
    const path = pathOf(data, id);
    const title = path && nameAt(data, path);
    return title && title !== id ? `“${title}”` : written;
  });
}

function pathOf(data: Value, id: string): Path | undefined {
  const [screen, ending] = [screensOf(data), endingsOf(data)].map((list) => list.findIndex((one) => idOf(one) === id));
  if (screen !== undefined && screen >= 0) return ['screens', screen];
  if (ending !== undefined && ending >= 0) return ['endings', ending];
  return placedFields(data).find((field) => field.id === id)?.path;
}
