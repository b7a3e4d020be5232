/** Smile's jobs: gathering data, analyzing files (Smile, Tasks). */
import { z } from 'zod';
import type { SmileTransport } from '../transport.ts';
import { shape, openEnum, boundedList } from '../reading.ts';
import { smileIdSchema, moment } from '../shapes.ts';
import { metadata } from './data.ts';
import type { Dates, ListLimit, OfSource } from './filters.ts';

const taskSchema = shape('task', {
  needed: { id: smileIdSchema, status: openEnum<'Started' | 'Finished'>() },
  documented: {
    type: openEnum<'LINK_ACCOUNT' | 'UPDATE_ACCOUNT' | 'ANALYZE_ARCHIVE' | 'CLASSIFY_ARCHIVE'>(),
    startedAt: moment,
    metadata,
  },
  optional: { finishedAt: moment, datapoints: boundedList(z.string()) },
});

export function tasks({ find, list }: SmileTransport) {
  return {
    listTasks: (filter: OfSource & Dates & ListLimit = {}) => list('/tasks', taskSchema, { ...filter }),
    getTask: (taskId: string) => find('/tasks/{id}', taskId, taskSchema),
  };
}
