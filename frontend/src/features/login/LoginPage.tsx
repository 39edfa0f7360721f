import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useLiveFeed } from '@/api/live/LiveFeedContext';
import { asProblem } from '@/api/problem';
import { useLogin } from '@/api/session';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useDocumentTitle } from '@/lib/useDocumentTitle';

export function LoginPage() {
  useDocumentTitle('Sign in');
  const { next } = useSearch({ from: '/login' });
  const router = useRouter();
  const feed = useLiveFeed();
  const login = useLogin();
  const [token, setToken] = useState('');

  const wrongToken = login.error && asProblem(login.error).status === 401;
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={400}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            login.mutate(token, {
              onSuccess: () => {
                feed.retry();
                router.history.replace(next ?? '/locations');
              },
            });
          }}
        >
          <Stack>
            <div>
              <Title order={1} size="h3">
                Sign in
              </Title>
              <Text size="sm" c="dimmed">
                This simulator wants its API token. Whoever runs it set the token in its settings.
              </Text>
            </div>
            <PasswordInput
              label="API token"
              value={token}
              onChange={(event) => {
                setToken(event.currentTarget.value);
              }}
              error={wrongToken ? 'This token is not right.' : null}
              autoComplete="current-password"
              required
              data-autofocus
            />
            {login.error && !wrongToken && <ProblemAlert error={login.error} />}
            <Button type="submit" loading={login.isPending} disabled={token === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
