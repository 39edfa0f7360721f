import { renderHook, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useGradually } from './useGradually';

it('grows step by step to the whole and no further', async () => {
  const seen: number[] = [];
  const { result } = renderHook(() => {
    const grown = useGradually(7, 3);
    seen.push(grown);
    return grown;
  });
  await waitFor(() => {
    expect(result.current).toBe(7);
  });
  expect([...new Set(seen)]).toEqual([3, 6, 7]);
});
