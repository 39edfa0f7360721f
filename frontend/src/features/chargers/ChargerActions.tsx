import { ActionIcon, Button, Checkbox, Group, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import {
  IconClock,
  IconDots,
  IconHandStop,
  IconMessageBolt,
  IconPencil,
  IconPlug,
  IconPlugOff,
  IconPower,
  IconRefresh,
  IconReload,
  IconRestore,
  IconTrash,
  IconWifi,
  IconWifiOff,
  IconWorldWww,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useChargerAction } from '@/api/bench';
import { useDeleteCharger } from '@/api/chargers';
import type { ChargerDetail } from '@/api/types';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { toastSuccess } from '@/components/toasts';
import { useKeptFocus } from '@/lib/useKeptFocus';
import { ClockDialog, InjectStatusDialog, NetworkDialog } from './benchDialogs';
import { EditChargerDialog } from './ChargerFormDialog';
import { isConnectedWish } from './model';

type Dialog = 'network' | 'clock' | 'inject-status' | 'edit' | 'delete' | 'factory-reset' | null;

/** What can be done to a charger as a whole. */
export function ChargerActions({ charger }: { charger: ChargerDetail }) {
  const act = useChargerAction(charger.charge_point_id);
  const [dialog, setDialog] = useState<Dialog>(null);
  const group = useKeptFocus<HTMLDivElement>();
  const { state } = charger.connection;
  const connected = isConnectedWish(state);
  const offline = state === 'offline';
  const busy = (action: string) => act.isPending && act.variables.do === action;
  const close = () => {
    setDialog(null);
  };

  return (
    <>
      <Group gap="xs" ref={group} tabIndex={-1} role="group" aria-label="Charger actions">
        {connected ? (
          <Button
            variant="default"
            leftSection={<IconPlugOff size={16} aria-hidden />}
            loading={busy('disconnect')}
            onClick={() => {
              act.mutate({ do: 'disconnect' });
            }}
          >
            Disconnect
          </Button>
        ) : (
          <Button
            leftSection={<IconPlug size={16} aria-hidden />}
            loading={busy('connect')}
            onClick={() => {
              act.mutate({ do: 'connect' });
            }}
          >
            Connect
          </Button>
        )}
        {offline ? (
          <Button
            variant="default"
            leftSection={<IconWifi size={16} aria-hidden />}
            loading={busy('go-online')}
            onClick={() => {
              act.mutate({ do: 'go-online' });
            }}
          >
            Go online
          </Button>
        ) : (
          <Button
            variant="default"
            leftSection={<IconWifiOff size={16} aria-hidden />}
            loading={busy('go-offline')}
            onClick={() => {
              act.mutate({ do: 'go-offline' });
            }}
          >
            Go offline
          </Button>
        )}
        <PowerButton charger={charger} act={act} />
        <Button
          variant="light"
          color="red"
          leftSection={<IconHandStop size={16} aria-hidden />}
          loading={busy('emergency-stop')}
          disabled={!charger.powered}
          onClick={() => {
            act.mutate(
              { do: 'emergency-stop' },
              {
                onSuccess: () => {
                  toastSuccess('Emergency stop pressed');
                },
              },
            );
          }}
        >
          Emergency stop
        </Button>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More charger actions">
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconWorldWww size={16} aria-hidden />}
              onClick={() => {
                setDialog('network');
              }}
            >
              Network
            </Menu.Item>
            <Menu.Item
              leftSection={<IconClock size={16} aria-hidden />}
              onClick={() => {
                setDialog('clock');
              }}
            >
              Clock
            </Menu.Item>
            <Menu.Item
              leftSection={<IconMessageBolt size={16} aria-hidden />}
              onClick={() => {
                setDialog('inject-status');
              }}
            >
              Inject a status
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={() => {
                setDialog('edit');
              }}
            >
              Edit charger
            </Menu.Item>
            <Menu.Item
              leftSection={<IconRestore size={16} aria-hidden />}
              onClick={() => {
                setDialog('factory-reset');
              }}
            >
              Factory reset
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => {
                setDialog('delete');
              }}
            >
              Delete charger
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <NetworkDialog
        opened={dialog === 'network'}
        network={charger.network}
        onNetwork={(network) => {
          act.mutate({ do: 'network', network });
        }}
        onClose={close}
      />
      <ClockDialog
        opened={dialog === 'clock'}
        offsetS={charger.clock_offset_s}
        onOffset={(offsetS) => {
          act.mutate({ do: 'clock', offsetS });
        }}
        onClose={close}
      />
      <InjectStatusDialog
        opened={dialog === 'inject-status'}
        connectorIds={charger.connectors.map(({ connector_id }) => connector_id)}
        onInject={(status) => {
          act.mutate(
            { do: 'inject-status', status },
            {
              onSuccess: () => {
                toastSuccess(`StatusNotification ${status.status} sent`);
              },
            },
          );
        }}
        onClose={close}
      />
      <EditChargerDialog opened={dialog === 'edit'} charger={charger} onClose={close} />
      <FactoryResetDialog opened={dialog === 'factory-reset'} charger={charger} onClose={close} />
      <DeleteChargerDialog opened={dialog === 'delete'} charger={charger} onClose={close} />
    </>
  );
}

interface PowerProps {
  charger: ChargerDetail;
  act: ReturnType<typeof useChargerAction>;
}

function PowerButton({ charger, act }: PowerProps) {
  const [asking, ask] = useDisclosure(false);
  const restart = () => {
    act.mutate(
      { do: 'power', state: 'restart' },
      {
        onSuccess: () => {
          toastSuccess(`The software of ${charger.charger_name} restarts`);
        },
      },
    );
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconPower size={16} aria-hidden />}
            loading={act.isPending && act.variables.do === 'power'}
          >
            Power
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPower size={16} aria-hidden />}
            disabled={!charger.powered}
            onClick={() => {
              act.mutate({ do: 'power', state: 'off' });
            }}
          >
            Power off
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPower size={16} aria-hidden />}
            disabled={charger.powered}
            onClick={() => {
              act.mutate({ do: 'power', state: 'on' });
            }}
          >
            Power on
          </Menu.Item>
          <Menu.Item
            leftSection={<IconRefresh size={16} aria-hidden />}
            disabled={!charger.powered}
            onClick={() => {
              act.mutate({ do: 'power', state: 'cycle' });
            }}
          >
            Power cycle
          </Menu.Item>
          <Menu.Item
            leftSection={<IconReload size={16} aria-hidden />}
            disabled={!charger.powered}
            onClick={inTransaction(charger) ? ask.open : restart}
          >
            Restart software
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={asking}
        title="Restart software"
        confirm="Restart"
        onClose={ask.close}
        onConfirm={() => {
          ask.close();
          restart();
        }}
      >
        <Text>
          Restart the software of <strong>{charger.charger_name}</strong>, as a watchdog would? The
          running transaction ends with the reason Reboot.
        </Text>
      </ConfirmDialog>
    </>
  );
}

interface DialogProps {
  opened: boolean;
  charger: ChargerDetail;
  onClose: () => void;
}

function inTransaction(charger: ChargerDetail): boolean {
  return charger.connectors.some(({ transaction }) => transaction !== null);
}

function FactoryResetDialog({ opened, charger, onClose }: DialogProps) {
  const act = useChargerAction(charger.charge_point_id);
  const busy = inTransaction(charger);
  return (
    <ConfirmDialog
      opened={opened}
      title="Factory reset"
      confirm="Reset"
      pending={act.isPending}
      disabled={busy}
      onClose={onClose}
      onConfirm={() => {
        act.mutate(
          { do: 'factory-reset' },
          {
            onSuccess: () => {
              toastSuccess(`${charger.charger_name} is as it left the factory`);
              onClose();
            },
          },
        );
      }}
    >
      <Text>
        Set the configuration of <strong>{charger.charger_name}</strong> back to the defaults and
        restart it?
      </Text>
      {busy && <Text c="dimmed">A transaction is running: stop it first.</Text>}
    </ConfirmDialog>
  );
}

function DeleteChargerDialog({ opened, charger, onClose }: DialogProps) {
  const remove = useDeleteCharger();
  const navigate = useNavigate();
  const [force, setForce] = useState(false);
  const busy = inTransaction(charger);
  return (
    <ConfirmDialog
      opened={opened}
      title="Delete charger"
      confirm="Delete charger"
      pending={remove.isPending}
      error={remove.error}
      disabled={busy && !force}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(
          { chargePointId: charger.charge_point_id, force },
          {
            onSuccess: () => {
              toastSuccess(`${charger.charger_name} deleted`);
              void navigate({
                to: '/locations/$locationId',
                params: { locationId: String(charger.location_id) },
              });
            },
          },
        );
      }}
    >
      <Text>
        Delete <strong>{charger.charger_name}</strong> with its configuration and its transactions?
        This cannot be undone.
      </Text>
      {busy && (
        <ForceCheckbox label="Delete during the transaction" value={force} onChange={setForce} />
      )}
    </ConfirmDialog>
  );
}

interface ForceProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
}

function ForceCheckbox({ label, value, onChange }: ForceProps) {
  return (
    <Checkbox
      label={label}
      description="A car is charging here; the transaction would be lost."
      checked={value}
      onChange={(event) => {
        onChange(event.currentTarget.checked);
      }}
    />
  );
}
