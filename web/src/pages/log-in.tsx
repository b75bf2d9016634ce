import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, begin, type Schemas } from '@/api/client';
import { Entrance, Refusal, PasswordInput, useEntry } from '@/components/entrance';
import { Field } from '@/components/field';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Input } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { invitationIn } from '@/lib/invitation';
import { needsNoWorkspace } from '@/lib/platform';

type Tokens = Schemas['SessionTokens'];

/** The part of the address with an invitation's code, of a person who has followed the link of its letter. */
function useInvited() {
  const { hash } = useLocation();
  return invitationIn(hash) && hash;
}

function useBegin() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { back } = useSearch({ from: '/login' });
  const invited = useInvited();
  return async (tokens: Tokens) => {
    queries.clear();
    begin(tokens);
    if (invited) await navigate({ to: '/workspaces', search: { back }, hash: invited });
    // A person with several workspaces chooses one; the last one is only a guess of the API. Some pages need none.
    else if (tokens.workspace_id || needsNoWorkspace(back)) await navigate({ to: back ?? '/' });
    else await navigate({ to: '/workspaces', search: { back } });
  };
}

/** A letter with a code goes to an address that is not proven yet. The API wants the password with the code. */
interface Unproven {
  email: string;
  password: string;
  remember: boolean;
}

const isAddress = (email: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim());

/** The choice of a session that outlives the browser. */
function Remember({ isOn = false, children }: { isOn?: boolean; children?: ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <label className="flex min-h-6 cursor-pointer items-center gap-2 text-sm font-medium">
          <Checkbox name="remember" defaultChecked={isOn} aria-describedby={id} />
          {t('login.remember')}
        </label>
        {children}
      </div>
      <p id={id} className="text-xs text-muted-foreground">
        {t('login.rememberHint')}
      </p>
    </div>
  );
}

function Password({
  onChallenge,
  onForgotten,
  onRegister,
  onUnproven,
}: {
  onChallenge: (challenge: string) => void;
  onForgotten: () => void;
  onRegister: () => void;
  onUnproven: (who: Unproven) => void;
}) {
  const { t } = useTranslation();
  const logIn = useBegin();
  const invited = useInvited();
  const entry = useEntry<'email' | 'password' | 'remember'>(
    ({ email, password }) => ({
      email: !isAddress(email) && t('login.emailWrong'),
      password: !password && t('login.passwordMissing'),
    }),
    async ({ email, password, remember }) => {
      const body = { email: email.trim(), password, remember: Boolean(remember) };
      const said = await answer(api.POST('/api/v1/auth/login', { body }));
      if (said.status === 'logged_in') await logIn(said);
      else if (said.status === 'totp_required') onChallenge(said.challenge);
      else onUnproven(body);
    },
  );
  return (
    <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.title')}</h1>
      <p className="mb-2 text-muted-foreground">{t(invited ? 'login.invited' : 'login.intro')}</p>
      <Refusal error={entry.fault} />
      <Field label={t('login.email')} error={entry.errorOf('email')}>
        <Input type="email" name="email" autoComplete="username" autoFocus dir="ltr" />
      </Field>
      <Field label={t('login.password')} error={entry.errorOf('password')}>
        <PasswordInput name="password" autoComplete="current-password" />
      </Field>
      <Remember>
        <button
          type="button"
          className="min-h-6 text-sm text-primary-text underline-offset-4 hover:underline"
          onClick={onForgotten}
        >
          {t('login.forgotten')}
        </button>
      </Remember>
      <Button type="submit" size="lg" disabled={entry.isBusy}>
        {t('login.submit')}
      </Button>
      <Button variant="ghost" onClick={onRegister}>
        {t('login.register')}
      </Button>
    </form>
  );
}

function Register({ onUnproven, onBack }: { onUnproven: (who: Unproven) => void; onBack: () => void }) {
  const { t, i18n } = useTranslation();
  const entry = useEntry<'name' | 'email' | 'password'>(
    ({ email, password }) => ({
      email: !isAddress(email) && t('login.emailWrong'),
      password: password.length < 10 && t('login.passwordRule'),
    }),
    async ({ name, email, password }) => {
      const body = { name: name.trim() || null, email: email.trim(), password, locale: i18n.language };
      await api.POST('/api/v1/auth/register', { body });
      onUnproven({ email: body.email, password, remember: false });
    },
  );
  return (
    <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.register')}</h1>
      <p className="mb-2 text-muted-foreground">{t('login.registerIntro')}</p>
      <Refusal error={entry.fault} />
      <Field label={t('common.name')}>
        <Input name="name" autoComplete="name" maxLength={100} autoFocus dir="auto" />
      </Field>
      <Field label={t('login.email')} error={entry.errorOf('email')}>
        <Input type="email" name="email" autoComplete="username" dir="ltr" />
      </Field>
      <Field label={t('login.password')} hint={t('login.passwordRule')} error={entry.errorOf('password')}>
        <PasswordInput name="password" autoComplete="new-password" />
      </Field>
      <Button type="submit" size="lg" disabled={entry.isBusy}>
        {t('login.register')}
      </Button>
      <Button variant="ghost" onClick={onBack}>
        {t('common.back')}
      </Button>
    </form>
  );
}

function Prove({
  who,
  onChallenge,
  onBack,
}: {
  who: Unproven;
  onChallenge: (challenge: string) => void;
  onBack: () => void;
}) {
  const { t } = useTranslation();
  const logIn = useBegin();
  const entry = useEntry<'code' | 'remember'>(
    ({ code }) => ({ code: !code.trim() && t('login.codeMissing') }),
    async ({ code, remember }) => {
      const body = { ...who, code: code.trim(), remember: Boolean(remember) };
      const said = await answer(api.POST('/api/v1/auth/verify-email', { body }));
      if (said.status === 'logged_in') await logIn(said);
      else if (said.status === 'totp_required') onChallenge(said.challenge);
    },
  );
  const again = useAct(
    () => api.POST('/api/v1/auth/verify-email/send', { body: { email: who.email } }),
    t('login.codeSent'),
  );
  return (
    <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.proveTitle')}</h1>
      <p className="mb-2 text-muted-foreground">
        {t('login.proveIntro')} <bdi dir="ltr">{who.email}</bdi>
      </p>
      <Refusal error={entry.fault} />
      <Field label={t('login.code')} error={entry.errorOf('code')}>
        <Input name="code" autoComplete="one-time-code" inputMode="numeric" autoFocus dir="ltr" />
      </Field>
      <Remember isOn={who.remember} />
      <Button type="submit" size="lg" disabled={entry.isBusy}>
        {t('login.submit')}
      </Button>
      <Button variant="outline" disabled={again.isPending} onClick={() => again.mutate(undefined)}>
        {t('login.codeAgain')}
      </Button>
      <Button variant="ghost" onClick={onBack}>
        {t('common.back')}
      </Button>
    </form>
  );
}

function SecondFactor({ challenge, onBack }: { challenge: string; onBack: () => void }) {
  const { t } = useTranslation();
  const logIn = useBegin();
  const entry = useEntry<'code'>(
    ({ code }) => ({ code: code.trim().length < 6 && t('login.codeWrong') }),
    async ({ code }) =>
      logIn(await answer(api.POST('/api/v1/auth/login/totp', { body: { challenge, code: code.trim() } }))),
  );
  return (
    <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.secondTitle')}</h1>
      <p className="mb-2 text-muted-foreground">{t('login.secondIntro')}</p>
      <Refusal error={entry.fault} />
      <Field label={t('login.code')} hint={t('login.codeHint')} error={entry.errorOf('code')}>
        <Input name="code" autoComplete="one-time-code" autoFocus dir="ltr" />
      </Field>
      <Button type="submit" size="lg" disabled={entry.isBusy}>
        {t('login.submit')}
      </Button>
      <Button variant="ghost" onClick={onBack}>
        {t('common.back')}
      </Button>
    </form>
  );
}

function Forgotten({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<'ask' | 'code' | 'done'>('ask');
  const [address, setAddress] = useState('');
  const entry = useEntry<'email' | 'code' | 'password'>(
    () => ({}),
    async ({ email, code, password }) => {
      if (step === 'ask') {
        await api.POST('/api/v1/auth/forgot-password', { body: { email } });
        setAddress(email);
        setStep('code');
      } else {
        await api.POST('/api/v1/auth/reset-password', { body: { email: address, code: code.trim(), password } });
        setStep('done');
      }
    },
  );
  return (
    <form className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.resetTitle')}</h1>
      <p className="mb-2 text-muted-foreground">{t(`login.reset.${step}`)}</p>
      <Refusal error={entry.fault} />
      {step === 'ask' && (
        <Field label={t('login.email')}>
          <Input type="email" name="email" required autoFocus dir="ltr" />
        </Field>
      )}
      {step === 'code' && (
        <>
          <Field label={t('login.code')}>
            <Input name="code" required autoFocus autoComplete="one-time-code" dir="ltr" />
          </Field>
          <Field label={t('login.newPassword')} hint={t('login.passwordRule')}>
            <PasswordInput name="password" required minLength={10} autoComplete="new-password" />
          </Field>
        </>
      )}
      {step !== 'done' && (
        <Button type="submit" size="lg" disabled={entry.isBusy}>
          {step === 'ask' ? t('login.sendCode') : t('login.setPassword')}
        </Button>
      )}
      <Button variant={step === 'done' ? 'default' : 'ghost'} onClick={onBack}>
        {t('common.back')}
      </Button>
    </form>
  );
}

type Step =
  { at: 'password' | 'register' | 'forgotten' } | { at: 'second'; challenge: string } | { at: 'prove'; who: Unproven };

export function LogIn() {
  const [step, setStep] = useState<Step>({ at: 'password' });
  const back = () => setStep({ at: 'password' });
  const challenge = (challenge: string) => setStep({ at: 'second', challenge });
  const prove = (who: Unproven) => setStep({ at: 'prove', who });
  return (
    <Entrance>
      {step.at === 'password' && (
        <Password
          onChallenge={challenge}
          onForgotten={() => setStep({ at: 'forgotten' })}
          onRegister={() => setStep({ at: 'register' })}
          onUnproven={prove}
        />
      )}
      {step.at === 'register' && <Register onUnproven={prove} onBack={back} />}
      {step.at === 'prove' && <Prove who={step.who} onChallenge={challenge} onBack={back} />}
      {step.at === 'second' && <SecondFactor challenge={step.challenge} onBack={back} />}
      {step.at === 'forgotten' && <Forgotten onBack={back} />}
    </Entrance>
  );
}
