import { describe, expect, it } from 'vitest';
import { formatReference, newId, newReference } from '../../src/record/ids.ts';
import { later, NOW } from '../helpers/database.ts';

describe('ids', () => {
  it('are UUIDs of version 7 that carry their time', () => {
    const id = newId(NOW);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(NOW.getTime());
  });

  it('sort by time and do not repeat within a millisecond', () => {
    const ids = [0, 1, 2, 60, 3600].map((seconds) => newId(later(seconds)));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => newId(NOW))).size).toBe(1000);
  });
});

describe('references', () => {
  it('have eight characters without vowels and look-alikes', () => {
    for (let index = 0; index < 500; index++) expect(newReference()).toMatch(/^[^AEIOUBGLSZ01]{8}$/);
  });

  it('are shown in groups', () => {
    expect(formatReference('KP4TW7HX')).toBe('KP4 TW7 HX');
  });
});
