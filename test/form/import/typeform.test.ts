/** Definitions of Typeform: fields, groups, logic jumps, hidden fields and endings. */
import { describe, expect, it } from 'vitest';
import { definition, imported } from './imported.ts';

describe('each type of field', () => {
  const { field, data, sentences, faults } = imported(definition('typeform/own-every-type.json'));

  it('becomes the field that asks the same', () => {
    expect(faults).toEqual([]);
    expect(data.languages).toEqual(['es']);
    expect(field('full_name')).toMatchObject({ type: 'text', required: true, max_length: 60 });
    expect(field('mail')).toMatchObject({ type: 'email', label: 'Correo de {full_name}', help: 'Para responderte' });
    expect(field('income')).toMatchObject({ type: 'number', min: 0, max: 500_000 });
    expect(field('job_kind')).toMatchObject({ type: 'radio', other: true, options: ['Reparto', 'Oficina'] });
    expect(field('apps')).toMatchObject({ type: 'checkboxes', min: 1, max: 2 });
    expect(field('recommend')).toMatchObject({ type: 'scale', min: 0, max: 10 });
    expect(field('opinion')).toMatchObject({ type: 'scale', min: 1, max: 5, min_label: 'Mal', max_label: 'Bien' });
    expect(field('terms')).toMatchObject({ type: 'consent', required: true });
    expect(field('home')).toMatchObject({ type: 'address' });
    expect(field('first')).toMatchObject({ type: 'text', label: 'Nombre' });
  });

  it('is left out with its reason where Flipsite has no such field', () => {
    expect(sentences).toContain('“Paga aquí” was left out. Flipsite takes no payments.');
    expect(sentences).toContain('“Ordena” was left out. Flipsite has no question in which people sort answers.');
    expect(sentences).toContain(
      'Calculations, such as a score or a price, were left out. Add questions of the kind “Calculated number” in their place.',
    );
  });

  it('has the value from the link as a param, or as a hidden field where a jump reads it', () => {
    expect(data.params).toEqual(['source']);
    expect(field('plan_type')).toEqual({ id: 'plan_type', type: 'hidden' });
    expect(sentences).toContain(
      'The value “Plan-Type” from the link is called plan_type now. Change it in your links.',
    );
  });

  it('is asked on a later screen than the answer in its text', () => {
    const at = (id: string) => data.screens.findIndex(({ fields }) => fields?.some((one) => one.id === id));
    expect(at('mail')).toBeGreaterThan(at('full_name'));
  });
});

it('a phone number keeps the country of numbers without +', () => {
  const phone = { title: 'Mobile', ref: 'mobile', type: 'phone_number', properties: { default_country_code: 'ph' } };
  const { field, faults } = imported({ title: 'Riders', fields: [phone] });
  expect([faults, field('mobile')]).toEqual([[], { id: 'mobile', type: 'phone', label: 'Mobile', country: 'PH' }]);
});

it('limits of how many answers people choose have a sentence where they choose one', () => {
  const choices = ['Car', 'Van'].map((label) => ({ label }));
  const one = { title: 'Vehicle', ref: 'vehicle', type: 'multiple_choice', properties: { choices }, validations: { min_selection: 1, max_selection: 2 } }; // prettier-ignore
  expect(imported({ title: 'Riders', fields: [one] }).sentences.slice(0, 2)).toEqual([
    '“Vehicle”: its setting “min_selection” was left out.',
    '“Vehicle”: its setting “max_selection” was left out.',
  ]);
});

describe('a jump', () => {
  const rulesAfter = (id: string, name = 'typeform/own-every-type.json') =>
    imported(definition(name)).data.screens.find(({ fields }) => fields?.some((one) => one.id === id))?.next;

  it('becomes a rule at the end of its screen', () => {
    expect(rulesAfter('works')).toEqual([{ when: { works: false, plan_type: 'basic' }, go: 'declined' }]);
    expect(rulesAfter('day', 'typeform/own-dates-and-scores.json')).toEqual([
      { when: { day: { answered: true }, none: [{ day: { before: '2026-12-01' } }] }, go: 'part_3' },
    ]);
  });

  it('back to an earlier question is left out', () => {
    expect(imported(definition('typeform/own-every-type.json')).sentences.join('\n')).toMatch(/the jump back to “¿Tu nombre\?” was left out/); // prettier-ignore
  });

  it.each([
    ['begins with', /no comparison “begins with”/],
    ['a target that is gone', /its target “gone” is not in the form/],
  ])('with %s has a sentence', (_name, reason) => {
    expect(imported(definition('typeform/own-dates-and-scores.json')).sentences.join('\n')).toMatch(reason);
  });
});

it('questions are together on a screen until a jump or a group divides them', () => {
  const { data } = imported(definition('typeform/own-groups.json'));

  expect(data.screens.map(({ title, fields }) => [title, fields?.map(({ id }) => id)])).toEqual([
    ['About you', ['two_questions', 'name']],
    ['Your car', ['plate', 'make']],
    ['Part 3', ['hurt']],
    ['Part 4', ['details']],
    ['Part 5', ['end_note']],
  ]);
  expect(data.endings).toEqual([{ id: 'bye', title: 'Thank you', text: 'We call you within a day.' }]);
});

it('a language that Flipsite lacks has a sentence', () => {
  const { data, sentences } = imported(definition('typeform/own-french.json'), { title: 'Sign up' });

  expect(data.title).toBe('Inscription');
  expect(sentences.join('\n')).toMatch(/The form is in French/);
  expect(data.endings[0]?.redirect).toBe('https://acme.example/merci');
});

it('an address of an ending that contains answers is left out with a sentence', () => {
  const properties = {
    button_mode: 'redirect',
    redirect_url: 'https://acme.example/next?customer={{hidden:customer}}',
  };
  const thankyou_screens = [{ ref: 'bye', title: 'Bye', properties }];
  const { data, sentences } = imported({ title: 'T', fields: [{ type: 'email', ref: 'email', title: 'Email' }], thankyou_screens }); // prettier-ignore
  expect(data.endings).toEqual([{ id: 'bye', title: 'Bye' }]);
  expect(sentences).toContain(
    '“Bye”: its address https://acme.example/next?customer={{hidden:customer}} was left out, because it contains answers.',
  );
});

it('a number or an email with a limit of characters stays, and its limit has a sentence', () => {
  const fields = ['number', 'email'].map((type) => ({ type, ref: type, title: type, validations: { max_length: 9 } }));
  const { field, sentences } = imported({ title: 'T', fields });
  expect([field('number')?.type, field('email')?.type]).toEqual(['number', 'email']);
  expect(sentences.filter((one) => one.includes('max_length'))).toEqual([
    '“number”: its setting “max_length” was left out.',
    '“email”: its setting “max_length” was left out.',
  ]);
});
