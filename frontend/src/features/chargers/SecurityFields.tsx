import { PasswordInput, Select, Stack, Switch, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ChargerFormValues } from './chargerForm';

interface Props {
  form: UseFormReturnType<ChargerFormValues>;
  passwordSet: boolean;
  keySet: boolean;
}

/** How the connection is secured; certificates are asked for where TLS is used. */
export function SecurityFields({ form, passwordSet, keySet }: Props) {
  const { security_profile, connection_url } = form.values;
  const tls = Number(security_profile) >= 2 || /^wss:/i.test(connection_url.trim());
  return (
    <Stack gap="sm">
      <Select
        label="Security profile"
        data={[
          { value: '0', label: '0 – none' },
          { value: '1', label: '1 – password (Basic auth)' },
          { value: '2', label: '2 – password over TLS' },
          { value: '3', label: '3 – TLS with client certificate' },
        ]}
        allowDeselect={false}
        {...form.getInputProps('security_profile')}
      />
      <PasswordInput
        label="Password"
        description="The AuthorizationKey: text, or 40 hex digits. It is never shown again."
        placeholder={passwordSet ? 'Set; leave empty to keep it' : ''}
        autoComplete="new-password"
        maxLength={200}
        {...form.getInputProps('basic_auth_password')}
      />
      {tls && (
        <>
          <Textarea
            label="Trusted CA (PEM)"
            description="Instead of the CAs that the system trusts"
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            {...form.getInputProps('ca_pem')}
          />
          <Textarea
            label="Client certificate (PEM)"
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            {...form.getInputProps('client_cert_pem')}
          />
          <Textarea
            label="Client key (PEM)"
            description="It is never shown again."
            placeholder={keySet ? 'Set; leave empty to keep it' : ''}
            autosize
            minRows={2}
            maxRows={6}
            spellCheck={false}
            {...form.getInputProps('client_key_pem')}
          />
          <Switch
            label="Verify the CSMS's certificate"
            {...form.getInputProps('verify', { type: 'checkbox' })}
          />
        </>
      )}
    </Stack>
  );
}
