import {
  Alert,
  Anchor,
  Button,
  FileInput,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ImportOutcome } from '@/api/imports';
import { count } from '@/lib/units';
import { ProblemAlert } from './ProblemAlert';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** What is imported, in the singular and as the templates are called. */
  thing: 'charger' | 'vehicle';
  /** Asks for the CSMS address of rows that name none. */
  withDefaultUrl?: boolean;
  run: (input: { file: File; defaultUrl: string }) => Promise<ImportOutcome>;
}

/** Uploads a CSV or JSON file and shows what became of each row. */
export function ImportDialog(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={`Import ${props.thing}s`} size="lg">
      <ImportForm {...props} />
    </Modal>
  );
}

function ImportForm({ thing, withDefaultUrl = false, run, onClose }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [defaultUrl, setDefaultUrl] = useState('');
  const [pending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function upload(chosen: File) {
    setPending(true);
    setError(null);
    setOutcome(null);
    try {
      setOutcome(await run({ file: chosen, defaultUrl: defaultUrl.trim() }));
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (file) void upload(file);
      }}
    >
      <Stack>
        <Text size="sm">
          A CSV or JSON file, one {thing} a row; a row that does not fit does not stop the others.
          Start from a template:{' '}
          <Anchor href={`/api/import/templates/${thing}s.csv`} download inherit>
            {thing}s.csv
          </Anchor>{' '}
          or{' '}
          <Anchor href={`/api/import/templates/${thing}s.json`} download inherit>
            {thing}s.json
          </Anchor>
          .
        </Text>
        <FileInput
          label="File"
          placeholder="Choose a CSV or JSON file"
          accept=".csv,.json,text/csv,application/json"
          value={file}
          onChange={(chosen) => {
            setFile(chosen);
            setOutcome(null);
          }}
          leftSection={<IconUpload size={16} aria-hidden />}
          required
          clearable
        />
        {withDefaultUrl && (
          <TextInput
            label="CSMS address"
            description="For rows that name none"
            placeholder="ws://127.0.0.1:9000/ocpp"
            value={defaultUrl}
            onChange={(event) => {
              setDefaultUrl(event.currentTarget.value);
            }}
          />
        )}
        {error != null && <ProblemAlert error={error} />}
        <div aria-live="polite">{outcome && <Outcome thing={thing} outcome={outcome} />}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={pending} disabled={!file}>
            Import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Outcome({ thing, outcome }: { thing: string; outcome: ImportOutcome }) {
  const { imported, failed } = outcome;
  return (
    <Stack gap="sm">
      <Alert
        color={failed.length > 0 ? 'yellow' : 'teal'}
        icon={failed.length > 0 ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        title={`${count(imported.length, thing)} imported, ${count(failed.length, 'row')} failed`}
      >
        {imported.length > 0 && (
          <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
            {imported.join(', ')}
          </Text>
        )}
      </Alert>
      {failed.length > 0 && (
        <ScrollArea.Autosize mah={260}>
          <Table captionSide="top">
            <Table.Caption>Rows that failed</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Row</Table.Th>
                <Table.Th>Error</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {failed.map(({ row, error }) => (
                <Table.Tr key={`${row} ${error}`}>
                  <Table.Td>{row}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{error}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </Stack>
  );
}
