import { useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';

/**
 * Where short messages appear: in the corner that dialogs, drawers and their buttons leave free, or
 * on a narrow screen over the head of the page, so that they never lie on what is being worked with.
 * The end of a page can be scrolled past them.
 */
export function Toasts() {
  const narrow = useMediaQuery('(max-width: 36em)', false, { getInitialValueInEffect: false });
  return narrow ? (
    <Notifications position="top-center" layout="stacked" limit={6} />
  ) : (
    <Notifications position="bottom-left" limit={4} />
  );
}
