import { useEffect, useState } from 'react';

/**
 * Grows from one step to the whole, a step a frame, so that the first things of a long list are
 * there before the last ones are drawn.
 */
export function useGradually(whole: number, step: number): number {
  const [grown, setGrown] = useState(step);
  useEffect(() => {
    if (grown >= whole) return;
    const frame = requestAnimationFrame(() => {
      setGrown(grown + step);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [grown, whole, step]);
  return Math.min(grown, whole);
}
