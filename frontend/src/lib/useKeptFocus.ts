import { type RefObject, useEffect, useRef } from 'react';

/**
 * Keeps the keyboard's place in a group of buttons: where the one that has the focus goes away or
 * is disabled by what it did, the group takes the focus, and Tab goes on from there.
 */
export function useKeptFocus<T extends HTMLElement>(): RefObject<T | null> {
  const group = useRef<T>(null);
  const last = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const element = group.current;
    function remember(event: FocusEvent) {
      const target = event.target as HTMLElement;
      if (target !== element) last.current = target;
    }
    function leave(event: PointerEvent | FocusEvent) {
      if (!element?.contains(event.target as Node)) last.current = null;
    }
    element?.addEventListener('focusin', remember);
    // The focus that moves elsewhere, and a click on nothing, give the place up.
    document.addEventListener('focusin', leave);
    document.addEventListener('pointerdown', leave);
    return () => {
      element?.removeEventListener('focusin', remember);
      document.removeEventListener('focusin', leave);
      document.removeEventListener('pointerdown', leave);
    };
  }, []);

  useEffect(() => {
    const focused = last.current;
    const lost = focused !== null && (!focused.isConnected || focused.matches(':disabled'));
    const nowhere = document.activeElement === document.body || document.activeElement === focused;
    if (lost && nowhere) group.current?.focus({ preventScroll: true });
  });

  return group;
}
