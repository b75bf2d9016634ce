import { useQuery, useQueryClient } from '@tanstack/react-query';
import { LogOutIcon, MonitorIcon, Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, logOut, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { CopyText } from '@/components/copy-text';
import { Field } from '@/components/field';
import { PageHead } from '@/components/page';
import { RecordDialog, RecordForm } from '@/components/record-form';
import { Failed, Loading } from '@/components/states';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { NativeSelect } from '@/components/ui/input';
import { Skeleton } from '@/components/ui/skeleton';
import { useAct } from '@/lib/act';
import { agentName } from '@/lib/agent';
import { saveFile } from '@/lib/csv';
import { useFormat } from '@/lib/format';
import { LANGUAGES, speak, type Language } from '@/lib/i18n';
import { meQuery } from '@/lib/queries';
import { choose, THEMES, useTheme, type Theme } from '@/lib/theme';
import { PhoneProof } from './profile-phone';

type Me = Schemas['Me'];

function Codes({ codes, onClose }: { codes: string[] | null; onClose: () => void }) {
  const { t } = useTranslation();
  const text = codes?.join('\n') ?? '';
  return (
    <Dialog open={codes !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent onInteractOutside={(event) => event.preventDefault()}>
        <DialogTitle>{t('profile.codes')}</DialogTitle>
        <DialogDescription>{t('profile.codesText')}</DialogDescription>
        <CopyText label={t('profile.codes')} text={text} />
        <DialogFooter>
          <Button variant="outline" onClick={() => saveFile('kazi-recovery-codes.txt', `${text}\n`, 'text/plain')}>
            {t('profile.codesSave')}
          </Button>
          <Button onClick={onClose}>{t('profile.codesKept')}</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function SecondFactor({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [setUp, setSetUp] = useState<Schemas['Authenticator'] | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [asked, setAsked] = useState<'codes' | 'disable' | null>(null);
  const begin = useAct(async () => setSetUp(await answer(api.POST('/api/v1/auth/totp'))));
  const codeField = [
    {
      fields: [
        {
          name: 'code',
          label: t('login.code'),
          required: true,
          dir: 'ltr' as const,
          autoComplete: 'one-time-code',
        },
      ],
    },
  ];
  const again = () => queries.invalidateQueries({ queryKey: ['me'] });
  return (
    <Card>
      <CardTitle className="flex flex-wrap items-center gap-3">
        {t('profile.second')}
        {me.totp ? <Badge tone="good">{t('profile.on')}</Badge> : <Badge tone="waiting">{t('profile.off')}</Badge>}
      </CardTitle>
      <p className="mb-4 text-sm text-muted-foreground">
        {me.totp ? t('profile.codesLeft', { count: me.recovery_codes }) : t('profile.secondText')}
      </p>
      <div className="flex flex-wrap gap-2">
        {me.totp ? (
          <>
            <Button variant="outline" onClick={() => setAsked('codes')}>
              {t('profile.codesNew')}
            </Button>
            <Button variant="outline" onClick={() => setAsked('disable')}>
              {t('profile.turnOff')}
            </Button>
          </>
        ) : (
          <Button disabled={begin.isPending} onClick={() => begin.mutate(undefined)}>
            {t('profile.turnOn')}
          </Button>
        )}
      </div>
      <RecordDialog
        open={setUp !== null}
        onOpenChange={(open) => !open && setSetUp(null)}
        title={t('profile.turnOn')}
        hint={t('profile.scan')}
        action={t('profile.confirm')}
        done=""
        groups={codeField}
        save={async (values) => {
          const made = await answer(
            api.POST('/api/v1/auth/totp/confirm', { body: { code: values.code?.trim() ?? '' } }),
          );
          setCodes(made.codes);
          await again();
        }}
      >
        {setUp && (
          <div className="order-first grid justify-items-center gap-3">
            <img src={setUp.qr} alt={t('profile.qr')} className="size-48 rounded-md bg-white p-2" />
            <p className="text-sm text-muted-foreground">{t('profile.secret')}</p>
            <CopyText label={t('profile.secret')} text={setUp.secret} />
          </div>
        )}
      </RecordDialog>
      <RecordDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={asked === 'disable' ? t('profile.turnOff') : t('profile.codesNew')}
        hint={asked === 'disable' ? t('profile.turnOffText') : t('profile.codesNewText')}
        action={asked === 'disable' ? t('profile.turnOff') : t('profile.codesNew')}
        done={asked === 'disable' ? undefined : ''}
        groups={codeField}
        save={async (values) => {
          const body = { code: values.code?.trim() ?? '' };
          if (asked === 'disable') await api.POST('/api/v1/auth/totp/disable', { body });
          else setCodes((await answer(api.POST('/api/v1/auth/recovery-codes', { body }))).codes);
          await again();
        }}
      />
      <Codes codes={codes} onClose={() => setCodes(null)} />
    </Card>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => answer(api.GET('/api/v1/auth/sessions', { params: { query: { limit: 50 } } })),
  });
  const close = useAct(async (id: string) => {
    await api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } });
    await queries.invalidateQueries({ queryKey: ['sessions'] });
  }, t('profile.sessionEnded'));
  const closeAll = useAct(() => logOut('/api/v1/auth/logout-all'));
  return (
    <Card>
      <CardTitle>{t('profile.sessions')}</CardTitle>
      {sessions.isPending ? (
        <Skeleton className="h-24" />
      ) : sessions.isError ? (
        <Failed error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <ul className="divide-y">
          {sessions.data.items.map((one) => (
            <li key={one.id} className="flex items-center gap-3 py-3 text-sm">
              <MonitorIcon className="size-5 shrink-0 text-muted-foreground" aria-hidden />
              <div className="min-w-0 grow">
                <p className="line-clamp-2 break-words" title={one.user_agent ?? undefined}>
                  <bdi>{one.user_agent ? agentName(one.user_agent) : t('profile.unknown')}</bdi>
                </p>
                <p className="text-muted-foreground">
                  <bdi dir="ltr">{one.address}</bdi> · {format.moment(one.last_used_at)}
                </p>
                <p className="text-muted-foreground">
                  {one.ends_at
                    ? t('profile.sessionEnds', { time: format.moment(one.ends_at) })
                    : t('profile.sessionRemembered')}
                </p>
              </div>
              {one.is_current ? (
                <Badge tone="good">{t('profile.thisOne')}</Badge>
              ) : (
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={t('profile.endSession')}
                  title={t('profile.endSession')}
                  disabled={close.isPending}
                  onClick={() => close.mutate(one.id)}
                >
                  <Trash2Icon aria-hidden />
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Confirm
        trigger={
          <Button variant="outline" className="mt-4">
            <LogOutIcon className="rtl:rotate-180" aria-hidden />
            {t('profile.logOutAll')}
          </Button>
        }
        title={t('profile.logOutAllTitle')}
        text={t('profile.logOutAllText')}
        action={t('profile.logOutAll')}
        destructive
        onConfirm={() => closeAll.mutateAsync(undefined)}
      />
    </Card>
  );
}

function Display({ me }: { me: Me }) {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const queries = useQueryClient();
  const keep = useAct(async (locale: Language) => {
    await speak(locale);
    // Letters to this person come in this language too.
    if (me.locale !== locale) await api.PATCH('/api/v1/me', { body: { locale } });
    await queries.invalidateQueries({ queryKey: ['me'] });
  });
  return (
    <Card>
      <CardTitle>{t('shell.display')}</CardTitle>
      <div className="grid gap-4">
        <Field label={t('shell.language')}>
          <NativeSelect value={i18n.language} onChange={(event) => keep.mutate(event.target.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field label={t('shell.theme')}>
          <NativeSelect value={theme} onChange={(event) => choose(event.target.value as Theme)}>
            {THEMES.map((one) => (
              <option key={one} value={one}>
                {t(`theme.${one}`)}
              </option>
            ))}
          </NativeSelect>
        </Field>
      </div>
    </Card>
  );
}

export function Profile() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery(meQuery());
  const [isPassword, setPassword] = useState(false);
  if (query.isPending) return <Loading />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  const me = query.data;
  return (
    <>
      <PageHead title={t('nav.profile')} />
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <div className="grid gap-6">
          <Card>
            <CardTitle>{t('profile.you')}</CardTitle>
            <PhoneProof me={me} />
            <RecordForm
              key={me.updated_at}
              initial={{ name: me.name ?? '', phone: me.phone ?? '' }}
              groups={[
                {
                  fields: [
                    { name: 'name', label: t('common.name'), autoComplete: 'name' },
                    {
                      name: 'phone',
                      label: t('contacts.phone'),
                      hint: t('contacts.phoneHint'),
                      kind: 'tel',
                      autoComplete: 'tel',
                    },
                  ],
                },
              ]}
              save={async (values) => {
                await api.PATCH('/api/v1/me', {
                  body: { name: values.name?.trim() || null, phone: values.phone?.trim() || null },
                });
                await queries.invalidateQueries({ queryKey: ['me'] });
              }}
            >
              <p className="text-sm text-muted-foreground">
                {t('login.email')}: <bdi dir="ltr">{me.email}</bdi>
              </p>
            </RecordForm>
          </Card>
          <Card>
            <CardTitle>{t('login.password')}</CardTitle>
            <p className="mb-4 text-sm text-muted-foreground">{t('profile.passwordText')}</p>
            <Button variant="outline" onClick={() => setPassword(true)}>
              {t('profile.passwordChange')}
            </Button>
          </Card>
          <SecondFactor me={me} />
        </div>
        <div className="grid gap-6">
          <Display me={me} />
          <Sessions />
        </div>
      </div>
      <RecordDialog
        open={isPassword}
        onOpenChange={setPassword}
        title={t('profile.passwordChange')}
        hint={t('login.passwordRule')}
        done={t('profile.passwordDone')}
        groups={[
          {
            fields: [
              {
                name: 'current_password',
                label: t('profile.passwordNow'),
                kind: 'password',
                required: true,
                autoComplete: 'current-password',
              },
              {
                name: 'password',
                label: t('login.newPassword'),
                kind: 'password',
                required: true,
                autoComplete: 'new-password',
              },
            ],
          },
        ]}
        save={(values) =>
          api.POST('/api/v1/auth/change-password', {
            body: { current_password: values.current_password ?? '', password: values.password ?? '' },
          })
        }
      />
    </>
  );
}
