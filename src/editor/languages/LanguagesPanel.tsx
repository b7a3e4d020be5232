/** All texts of the form, a column for each language. */
import { useState } from 'preact/hooks';
import { useEditor } from '../context.tsx';
import { SelectOptions, TextControl } from '../panels/controls.tsx';
import { AskDialog } from '../outline/AskDialog.tsx';
import { AddIcon, RemoveIcon } from '../outline/icons.tsx';
import { nameOfKey } from '../panels/words.ts';
import { nameOfLanguage } from '../../form/wording/language-names.ts';
import { addLanguage, changeText, isMissingIn, isOldIn, missingInWords, ownerInWords, removeLanguage, sameInWords, textsOf, type TextRow } from './texts.ts'; // prettier-ignore

export function LanguagesPanel() {
  const { model, form, guide, languages } = useEditor();
  const [first] = languages.value;
  const { data } = form.value;
  const [removing, setRemoving] = useState<string>();
  const [onlyUnfinished, setOnlyUnfinished] = useState(false);
  const rows = textsOf(data);
  const key = guide.form.find((one) => one.key === 'languages');
  const known = key?.control.kind === 'choices' ? key.control.choices : [];
  const others = known.filter((one) => !languages.value.includes(one));
  const isOld = (row: TextRow, language: string) => isOldIn(row, first, language, model.translations);
  const isUnfinished = (row: TextRow, language: string) => isMissingIn(row, language) || isOld(row, language);
  const shown = onlyUnfinished ? rows.filter((row) => languages.value.some((one) => isUnfinished(row, one))) : rows;
  return (
    <div class="languages">
      <div class="row">
        {languages.value.map((language) => (
          <span class="language" key={language}>
            {nameOfLanguage(language)}
            {languages.value.length > 1 && (
              <button type="button" class="icon" aria-label={`Remove ${nameOfLanguage(language)}`} onClick={() => setRemoving(language)}>
                <RemoveIcon />
              </button>
            )}
          </span>
        ))}
        {others.length > 0 && (
          <label class="add-language">
            <AddIcon />
            <select aria-label="Add a language" value="" onChange={(event) => model.changeAll(addLanguage(data, event.currentTarget.value))}>
              <option value="">Add a language</option>
              <SelectOptions choices={others.map((one) => ({ value: one, label: nameOfLanguage(one) }))} />
            </select>
          </label>
        )}
      </div>
      <div role="status">
        {languages.value.map((language) => {
          const words = missingInWords(rows, language);
          return words && <p class="late" key={language}>{words}</p>;
        })}
      </div>
      {languages.value.length > 1 && (
        <label class="check">
          <input type="checkbox" checked={onlyUnfinished} onChange={(event) => setOnlyUnfinished(event.currentTarget.checked)} />
          <span>Show only missing and old texts</span>
        </label>
      )}
      {shown.length === 0 && <p>No text is missing or old. A text in the first column only is shown in every language.</p>}
      <div class="texts" role="table" aria-label="Texts" style={{ '--columns': languages.value.length }}>
        {shown.length > 0 && (
          <div role="row" class="head">
            <span role="columnheader">Text</span>
            {languages.value.map((language) => (
              <span role="columnheader" key={language}>{nameOfLanguage(language)}</span>
            ))}
          </div>
        )}
        {shown.map((row) => (
          <div role="row" key={row.path.join('.')}>
            <span role="rowheader" class="dim">
              <bdi>{ownerInWords(data, row)}</bdi> · {nameOfKey(row.key, row.path.includes('options') ? 'option' : '')}
            </span>
            {languages.value.map((language, at) => (
              <div role="cell" key={language} data-language={nameOfLanguage(language)}>
                <TextControl
                  label={`${ownerInWords(data, row)}, ${nameOfKey(row.key, row.path.includes('options') ? 'option' : '')}, ${nameOfLanguage(language)}`}
                  help={isOld(row, language) ? `The text in ${nameOfLanguage(first)} has changed.` : sameInWords(row.texts, first, language)}
                  lang={language}
                  isLong
                  isUnfinished={isUnfinished(row, language)}
                  value={row.same === undefined ? (row.texts[language] ?? '') : at ? '' : row.same}
                  placeholder={at ? row.same : undefined}
                  onCommit={(text) => {
                    const changes = changeText(data, row, language, text);
                    return changes.length ? model.changeAll(changes) : text;
                  }}
                />
              </div>
            ))}
          </div>
        ))}
      </div>
      {removing && (
        <AskDialog
          title={`Remove ${nameOfLanguage(removing)}?`}
          action="Remove"
          onClose={() => setRemoving(undefined)}
          onDo={() => {
            setRemoving(undefined);
            model.changeAll(removeLanguage(data, removing));
          }}
        >
          <p>Its texts are deleted. Undo brings them back.</p>
        </AskDialog>
      )}
    </div>
  ); // prettier-ignore
}
