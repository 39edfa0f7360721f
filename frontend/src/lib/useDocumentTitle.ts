import { useEffect } from 'react';

const SUFFIX = 'OCPP Charger Simulator';

/** Names the page in the browser's tab and history. */
export function useDocumentTitle(title: string | null | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${SUFFIX}` : SUFFIX;
  }, [title]);
}
