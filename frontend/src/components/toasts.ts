/** Short messages at the edge of the page about what an action came to. */
import { notifications } from '@mantine/notifications';
import { asProblem, heading } from '@/api/problem';

const CLOSE = { 'aria-label': 'Dismiss message' };

export function toastSuccess(message: string): void {
  notifications.show({
    message,
    color: 'teal',
    autoClose: 4000,
    withBorder: true,
    role: 'status',
    closeButtonProps: CLOSE,
  });
}

export function toastNotice(message: string): void {
  notifications.show({
    message,
    color: 'yellow',
    autoClose: 8000,
    withBorder: true,
    role: 'status',
    closeButtonProps: CLOSE,
  });
}

export function toastProblem(error: unknown): void {
  const problem = asProblem(error);
  notifications.show({
    title: heading(problem),
    message: problem.detail,
    color: 'red',
    autoClose: 10_000,
    withBorder: true,
    role: 'alert',
    closeButtonProps: CLOSE,
  });
}
