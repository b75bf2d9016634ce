// A member leaves the workspace, and an owner hands it over.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { api, leaveWorkspace } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect } from '@/components/ui/input';
import { membersQuery, useIs, useMe, useWorkspaceId } from '@/lib/queries';

function HandOver({ name }: { name: string }) {
  const { t } = useTranslation();
  const reason = useReason();
  const queries = useQueryClient();
  const me = useMe();
  const members = useQuery(membersQuery(useWorkspaceId())).data?.items ?? [];
  const others = members.filter((one) => one.id !== me?.id && !one.suspended_at && one.email);
  const [chosen, setChosen] = useState('');
  const to = others.find((one) => one.id === chosen);
  const nameOf = (one: (typeof others)[number]) => (one.name ? `${one.name} · ${one.email}` : one.email);
  const hand = useMutation({
    mutationFn: () => api.POST('/api/v1/workspaces/current/transfer', { body: { user_id: chosen } }),
    onSuccess: async () => {
      toast.success(t('settings.handedOver'));
      await queries.invalidateQueries();
    },
    onError: (error) => toast.error(reason(error)),
  });
  return (
    <Card className="mt-6 max-w-3xl">
      <CardTitle>{t('settings.handOver')}</CardTitle>
      <p className="mb-4 text-sm text-muted-foreground">
        {t(others.length ? 'settings.handOverHint' : 'settings.handOverNobody')}
      </p>
      <Confirm
        trigger={
          <Button variant="outline" disabled={others.length === 0} onClick={() => setChosen('')}>
            {t('settings.handOver')}
          </Button>
        }
        title={t('settings.handOverTitle', { name })}
        text={t('settings.handOverText')}
        action={t('settings.handOver')}
        destructive
        isReady={to !== undefined}
        onConfirm={() => hand.mutateAsync()}
      >
        <Field label={t('settings.newOwner')}>
          <NativeSelect value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">{t('settings.chooseMember')}</option>
            {others.map((one) => (
              <option key={one.id} value={one.id}>
                {nameOf(one)}
              </option>
            ))}
          </NativeSelect>
        </Field>
      </Confirm>
    </Card>
  );
}

export function LeaveWorkspace({ name }: { name: string }) {
  const { t } = useTranslation();
  const reason = useReason();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isOwner = useIs('owner');
  const leave = useMutation({
    mutationFn: () => api.POST('/api/v1/workspaces/current/leave'),
    onSuccess: async () => {
      toast.success(t('settings.hasLeft', { name }));
      // The pages of the workspace go first: they would ask for what this person may not see any more.
      await navigate({ to: '/workspaces' });
      leaveWorkspace();
      await queries.invalidateQueries({ queryKey: ['workspaces'] });
    },
    onError: (error) => toast.error(reason(error)),
  });
  return (
    <>
      {isOwner && <HandOver name={name} />}
      <Card className="mt-6 max-w-3xl">
        <CardTitle>{t('settings.leave')}</CardTitle>
        <p className="mb-4 text-sm text-muted-foreground">
          {t(isOwner ? 'settings.leaveHintOwner' : 'settings.leaveHint')}
        </p>
        <Confirm
          trigger={<Button variant="outline">{t('settings.leave')}</Button>}
          title={t('settings.leaveTitle', { name })}
          text={t('settings.leaveText')}
          action={t('settings.leave')}
          destructive
          onConfirm={() => leave.mutateAsync()}
        />
      </Card>
    </>
  );
}
