import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/**
 * Moves the keyboard to the content of the page after a navigation that took away what had the
 * focus, where the browser would begin again at the top of the document.
 */
export function useFocusAfterNavigation(contentId: string): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return;
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        document.getElementById(contentId)?.focus({ preventScroll: true });
      }),
    [router, contentId],
  );
}
