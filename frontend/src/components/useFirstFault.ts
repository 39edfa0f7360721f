import { useEffect, useRef, useState } from 'react';

/** What a wrong field is known by; `data-fault` marks a fault of several fields together. */
const FAULTS = '[aria-invalid="true"], [data-fault]';

/**
 * Takes who sends a form to the first thing that is wrong in it. `form` is the ref of the form;
 * `showFirstFault` is to be called together with setting the errors, and with opening whatever
 * section they may be in.
 */
export function useFirstFault() {
  const form = useRef<HTMLFormElement>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const fault = asked > 0 ? form.current?.querySelector<HTMLElement>(FAULTS) : null;
    fault?.focus();
    // With what is said about it, which stands below.
    fault?.scrollIntoView({ block: 'center' });
  }, [asked]);
  return {
    form,
    showFirstFault: () => {
      setAsked((times) => times + 1);
    },
  };
}
