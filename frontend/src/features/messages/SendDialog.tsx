import {
  Alert,
  Autocomplete,
  Button,
  Group,
  Modal,
  Stack,
  Tabs,
  Text,
  Textarea,
} from '@mantine/core';
import { useState } from 'react';
import { useSendCall, useSendRaw } from '@/api/messages';
import type { CallAnswer } from '@/api/types';
import { CodeBlock } from '@/components/CodeBlock';
import { ProblemAlert } from '@/components/ProblemAlert';
import { toastSuccess } from '@/components/toasts';
import { CALL_TEMPLATES, parsePayload, templateOf } from './callTemplates';
import { pretty } from './model';

interface Props {
  opened: boolean;
  chargePointId: string;
  onClose: () => void;
}

/** Sends a CALL and shows its answer, or any text as it is. */
export function SendDialog({ opened, chargePointId, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Send to the CSMS" size="lg">
      <Tabs defaultValue="call">
        <Tabs.List mb="md" aria-label="What to send">
          <Tabs.Tab value="call">CALL</Tabs.Tab>
          <Tabs.Tab value="raw">Raw text</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="call">
          <CallForm chargePointId={chargePointId} />
        </Tabs.Panel>
        <Tabs.Panel value="raw">
          <RawForm chargePointId={chargePointId} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  );
}

function CallForm({ chargePointId }: { chargePointId: string }) {
  const send = useSendCall(chargePointId);
  const [action, setAction] = useState('Heartbeat');
  const [payload, setPayload] = useState('{}');
  const parsed = parsePayload(payload);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof parsed !== 'string' && action) send.mutate({ action, payload: parsed });
      }}
    >
      <Stack>
        <Autocomplete
          label="Action"
          description="One of the standard's, or any other"
          data={Object.keys(CALL_TEMPLATES)}
          value={action}
          onChange={(chosen) => {
            setAction(chosen);
            if (chosen in CALL_TEMPLATES) setPayload(templateOf(chosen, new Date()));
          }}
          required
          openOnFocus={false}
          spellCheck={false}
        />
        <Textarea
          label="Payload"
          value={payload}
          onChange={(event) => {
            setPayload(event.currentTarget.value);
          }}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          error={typeof parsed === 'string' ? parsed : null}
        />
        {send.error && <ProblemAlert error={send.error} />}
        <div aria-live="polite">{send.data && <Answer answer={send.data} />}</div>
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={send.isPending}
            disabled={typeof parsed === 'string' || action === ''}
          >
            Send CALL
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Answer({ answer }: { answer: CallAnswer }) {
  switch (answer.outcome) {
    case 'result':
      return (
        <Stack gap={4}>
          <Text size="sm" fw={600}>
            The CSMS answered
          </Text>
          <CodeBlock label="Answer of the CSMS" text={pretty(answer.payload)} />
        </Stack>
      );
    case 'error':
      return (
        <Alert color="yellow" title={`The CSMS refused: ${answer.error_code ?? ''}`}>
          {answer.error_description}
        </Alert>
      );
    case 'timeout':
      return <Alert color="yellow" title="The CSMS did not answer in time" />;
    case 'lost':
      return <Alert color="yellow" title="The connection was lost before the answer came" />;
  }
}

function RawForm({ chargePointId }: { chargePointId: string }) {
  const send = useSendRaw(chargePointId);
  const [text, setText] = useState('[2,"raw-1","Heartbeat",{}]');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate(text, {
          onSuccess: () => {
            toastSuccess('Sent');
          },
        });
      }}
    >
      <Stack>
        <Textarea
          label="Text frame"
          description="It is sent as it is, right or wrong. Answers appear in the list."
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {send.error && <ProblemAlert error={send.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={send.isPending} disabled={text === ''}>
            Send text
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
