import { describe, expect, it } from 'vitest';
import { aFleetRunPoint } from '@/testing/things';
import { MOST_POINTS, addPoints, knownUntil } from './fleetRunCourse';

const point = (from_s: number, to_s: number) => aFleetRunPoint({ from_s, to_s });
const ends = (points: readonly { to_s: number }[]) => points.map(({ to_s }) => to_s);

describe('the course of a run', () => {
  it('goes on where it was', () => {
    expect(ends(addPoints([point(0, 1)], [point(1, 2), point(2, 3)]))).toEqual([1, 2, 3]);
    expect(ends(addPoints([point(0, 1)], []))).toEqual([1]);
  });

  it('lets a point that has grown stand for the shorter ones', () => {
    const known = [point(0, 1), point(1, 2), point(2, 3)];
    expect(ends(addPoints(known, [point(2, 4), point(4, 6)]))).toEqual([1, 2, 4, 6]);
    expect(ends(addPoints(known, [point(0, 4)]))).toEqual([4]);
  });

  it('asks for what is new, and for all of it where too many points were gathered', () => {
    expect(knownUntil([])).toBe(0);
    expect(knownUntil([point(0, 1), point(1, 2)])).toBe(2);
    const many = Array.from({ length: MOST_POINTS + 1 }, (_, at) => point(at, at + 1));
    expect(knownUntil(many)).toBe(0);
  });
});
