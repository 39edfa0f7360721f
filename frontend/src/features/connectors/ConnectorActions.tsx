import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconBolt,
  IconChevronDown,
  IconCircleCheck,
  IconLock,
  IconLockOpen,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlug,
  IconPlugX,
  IconScan,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useConnectorAction } from '@/api/bench';
import { useStartTransaction, useStopTransaction } from '@/api/transactions';
import type { ChargerDetail, Connector, Vehicle } from '@/api/types';
import { toastNotice, toastSuccess } from '@/components/toasts';
import { useKeptFocus } from '@/lib/useKeptFocus';
import { FaultDialog, PlugInDialog, PresentTagDialog, type Start, StartDialog } from './dialogs';
import { oneClickSession, possibleAt } from './model';

interface Props {
  charger: ChargerDetail;
  connector: Connector;
  vehicles: readonly Vehicle[];
}

type Dialog = 'plug-in' | 'tag' | 'start' | 'fault' | null;

/** What a person can do at a connector; what the state rules out is disabled. */
export function ConnectorActions({ charger, connector, vehicles }: Props) {
  const { charge_point_id: chargePointId, powered } = charger;
  const { connector_id: connectorId } = connector;
  const act = useConnectorAction(chargePointId, connectorId);
  const stop = useStopTransaction(chargePointId);
  const [dialog, setDialog] = useState<Dialog>(null);
  const [lastTag, setLastTag] = useLocalStorage({ key: 'ocppsim-last-tag', defaultValue: '' });
  const group = useKeptFocus<HTMLDivElement>();
  const possible = possibleAt(connector, powered);
  const suggestion = oneClickSession(connector, vehicles, lastTag);
  const busy = (action: string) => act.isPending && act.variables.do === action;
  const close = () => {
    setDialog(null);
  };
  const open = (which: Dialog) => () => {
    setDialog(which);
  };

  return (
    <>
      <Group
        gap="xs"
        ref={group}
        tabIndex={-1}
        role="group"
        aria-label={`Actions at connector ${connectorId}`}
      >
        <StartButton
          chargePointId={chargePointId}
          connectorId={connectorId}
          disabled={!possible.start}
          hidden={possible.stop}
          suggestion={suggestion}
          onOptions={open('start')}
          dialog={
            dialog === 'start' ? { vehicles, carThere: connector.cable === 'vehicle', close } : null
          }
          onTagUsed={setLastTag}
        />
        {possible.stop && (
          <Button
            color="red"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            loading={stop.isPending}
            onClick={() => {
              stop.mutate(connectorId, {
                onSuccess: ({ transaction_id }) => {
                  toastSuccess(
                    transaction_id === null ? 'Stopped' : `Transaction ${transaction_id} stopped`,
                  );
                },
              });
            }}
          >
            Stop
          </Button>
        )}
        {possible.resumeEv ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={busy('ev')}
            onClick={() => {
              act.mutate({ do: 'ev', draws: true });
            }}
          >
            Resume EV
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            loading={busy('ev')}
            disabled={!possible.pauseEv}
            onClick={() => {
              act.mutate({ do: 'ev', draws: false });
            }}
          >
            Pause EV
          </Button>
        )}
        {possible.plugIn ? (
          <Button
            variant="default"
            leftSection={<IconPlug size={16} aria-hidden />}
            onClick={open('plug-in')}
          >
            Plug in
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconPlugX size={16} aria-hidden />}
            loading={busy('unplug')}
            onClick={() => {
              act.mutate({ do: 'unplug', side: 'ev' });
            }}
          >
            Unplug
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconScan size={16} aria-hidden />}
          disabled={!possible.presentTag}
          onClick={open('tag')}
        >
          Present tag
        </Button>
        {possible.clearFault ? (
          <Button
            variant="light"
            color="red"
            leftSection={<IconCircleCheck size={16} aria-hidden />}
            loading={busy('clear-fault')}
            onClick={() => {
              act.mutate({ do: 'clear-fault' });
            }}
          >
            Clear fault
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconAlertTriangle size={16} aria-hidden />}
            disabled={!possible.fault}
            onClick={open('fault')}
          >
            Fault
          </Button>
        )}
        {connector.cable_kind === 'socket' && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="default"
                rightSection={<IconChevronDown size={14} aria-hidden />}
                loading={busy('lock')}
              >
                Socket
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPlugX size={16} aria-hidden />}
                disabled={!possible.freeSocket}
                onClick={() => {
                  act.mutate({ do: 'unplug', side: 'charger' });
                }}
              >
                Take the cable out
              </Menu.Item>
              {possible.releaseLock ? (
                <Menu.Item
                  leftSection={<IconLockOpen size={16} aria-hidden />}
                  onClick={() => {
                    act.mutate({ do: 'lock', jammed: false });
                  }}
                >
                  Free the lock
                </Menu.Item>
              ) : (
                <Menu.Item
                  leftSection={<IconLock size={16} aria-hidden />}
                  onClick={() => {
                    act.mutate({ do: 'lock', jammed: true });
                  }}
                >
                  Jam the lock
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <PlugInDialog
        opened={dialog === 'plug-in'}
        vehicles={vehicles}
        hasLock={connector.cable_kind === 'socket'}
        bringsCable={connector.cable_kind === 'socket' && connector.cable === 'none'}
        onPlugIn={(body) => {
          act.mutate({ do: 'plug-in', body });
        }}
        onClose={close}
      />
      <PresentTagDialog
        opened={dialog === 'tag'}
        vehicles={vehicles}
        initial={suggestion.idTag}
        onPresent={(idTag) => {
          setLastTag(idTag);
          act.mutate(
            { do: 'id-tag', idTag },
            {
              onSuccess: () => {
                toastSuccess(`Tag ${idTag} shown to the reader`);
              },
            },
          );
        }}
        onClose={close}
      />
      <FaultDialog
        opened={dialog === 'fault'}
        onFault={(fault) => {
          act.mutate({ do: 'fault', fault });
        }}
        onClose={close}
      />
    </>
  );
}

interface StartButtonProps {
  chargePointId: string;
  connectorId: number;
  disabled: boolean;
  hidden: boolean;
  suggestion: { vehicleId: number | null; idTag: string };
  onOptions: () => void;
  dialog: { vehicles: readonly Vehicle[]; carThere: boolean; close: () => void } | null;
  onTagUsed: (tag: string) => void;
}

/** Starts a session by one click, or asks who charges. */
function StartButton(props: StartButtonProps) {
  const { chargePointId, connectorId, disabled, hidden, suggestion, onOptions, dialog } = props;
  const start = useStartTransaction(chargePointId);

  function run(values: Start) {
    props.onTagUsed(values.idTag);
    start.mutate(
      { connectorId, ...values },
      {
        onSuccess: ({ transaction_id }) => {
          if (transaction_id === null) {
            toastNotice('Started; the CSMS has not confirmed the transaction yet');
          } else {
            toastSuccess(`Transaction ${transaction_id} started`);
          }
        },
      },
    );
  }

  return (
    <>
      {!hidden && (
        <Button.Group>
          <Button
            leftSection={<IconBolt size={16} aria-hidden />}
            loading={start.isPending}
            disabled={disabled}
            title={`With tag ${suggestion.idTag}`}
            onClick={() => {
              run({ ...suggestion, modelId: null, socPercent: null });
            }}
          >
            Start charging
          </Button>
          <ActionIcon
            size={36}
            variant="filled"
            aria-label="Start charging with options"
            disabled={disabled}
            onClick={onOptions}
            style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0, marginLeft: 1 }}
          >
            <IconChevronDown size={16} />
          </ActionIcon>
        </Button.Group>
      )}
      <StartDialog
        opened={dialog !== null}
        vehicles={dialog?.vehicles ?? []}
        carThere={dialog?.carThere ?? false}
        initial={suggestion}
        onStart={run}
        onClose={() => dialog?.close()}
      />
    </>
  );
}
