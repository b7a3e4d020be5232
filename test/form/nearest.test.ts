import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/form/faults/nearest.ts';

describe('the nearest word', () => {
  it.each<[string, string[], string | undefined]>([
    ['requierd', ['required', 'label'], 'required'],
    ['lable', ['label', 'help'], 'label'],
    ['Label', ['label'], 'label'],
    ['has-car', ['has_car'], 'has_car'],
    ['conected', ['connected', 'uploaded'], 'connected'],
    ['optoins', ['options', 'id'], 'options'],
    ['x', ['id', 'label'], undefined],
    ['dropdown', ['radio', 'select'], undefined],
    ['id', ['id'], 'id'],
    ['', ['id'], undefined],
    ['label', [], undefined],
    ['aab', ['aaa', 'aabb', 'aab'], 'aab'],
  ])('to %j among %j is %j', (word, known, near) => {
    expect(nearest(word, known)).toBe(near);
  });
});
