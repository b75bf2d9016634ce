import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { EyeIcon, EyeOffIcon, MessageCircleIcon } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, begin, type Schemas } from '@/api/client';
import { Field } from '@/components/field';
import { Logo } from '@/components/logo';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';
import { LANGUAGES, speak, type Language } from '@/lib/i18n';

type Tokens = Schemas['SessionTokens'];

function useBegin() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { back } = useSearch({ from: '/login' });
  return async (tokens: Tokens) => {
    queries.clear();
    begin(tokens);
    // A person with several workspaces chooses one; the last one is only a guess of the API.
    if (tokens.workspace_id) await navigate({ to: back ?? '/' });
    else await navigate({ to: '/workspaces', search: { back } });
  };
}

function PasswordInput(props: React.ComponentProps<typeof Input>) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOffIcon : EyeIcon;
  return (
    <div className="relative">
      <Input {...props} type={isShown ? 'text' : 'password'} className="pe-10" />
      <button
        type="button"
        aria-label={isShown ? t('login.hide') : t('login.show')}
        className="absolute end-2 top-2 rounded-sm p-1 text-muted-foreground hover:text-foreground"
        onClick={() => setShown(!isShown)}
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  );
}

function Fault({ error }: { error: unknown }) {
  const reason = useReason();
  if (error === undefined) return null;
  return (
    <p role="alert" className="rounded-md border border-destructive p-3 text-sm text-destructive-text">
      {reason(error)}
    </p>
  );
}

/** The few fields of the entrance. The form of the other pages would load much more than this page needs. */
function useEntry<Name extends string>(
  check: (values: Record<Name, string>) => Partial<Record<Name, string | false>>,
  act: (values: Record<Name, string>) => Promise<unknown>,
) {
  const [errors, setErrors] = useState<Partial<Record<string, string | false>>>({});
  const [fault, setFault] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = Object.fromEntries(new FormData(form)) as Record<Name, string>;
    const found: Partial<Record<string, string | false>> = check(values);
    setErrors(found);
    setFault(undefined);
    const first = Object.keys(found).find((name) => found[name]);
    if (first) {
      form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    setBusy(true);
    await act(values).catch(setFault);
    setBusy(false);
  };
  return {
    fault,
    isBusy,
    errorOf: (name: Name) => errors[name] || undefined,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void submit(event),
  };
}

function Password({ onChallenge, onForgotten }: { onChallenge: (challenge: string) => void; onForgotten: () => void }) {
  const { t } = useTranslation();
  const logIn = useBegin();
  const [isUnverified, setUnverified] = useState(false);
  const entry = useEntry<'email' | 'password'>(
    ({ email, password }) => ({
      email: !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim()) && t('login.emailWrong'),
      password: !password && t('login.passwordMissing'),
    }),
    async ({ email, password }) => {
      setUnverified(false);
      const said = await answer(api.POST('/api/v1/auth/login', { body: { email: email.trim(), password } }));
      if (said.status === 'logged_in') await logIn(said);
      else if (said.status === 'totp_required') onChallenge(said.challenge);
      else setUnverified(true);
    },
  );
  return (
    <form noValidate className="grid gap-4" onSubmit={entry.onSubmit}>
      <h1 className="text-2xl font-bold sm:text-[2rem]">{t('login.title')}</h1>
      <p className="mb-2 text-muted-foreground">{t('login.intro')}</p>
      <Fault error={entry.fault} />
      {isUnverified && (
        <p role="alert" className="rounded-md border p-3 text-sm">
          {t('login.unverified')}
        </p>
      )}
      <Field label={t('login.email')} error={entry.errorOf('email')}>
        <Input type="email" name="email" autoComplete="username" autoFocus dir="ltr" />
      </Field>
      <Field label={t('login.password')} error={entry.errorOf('password')}>
        <PasswordInput name="password" autoComplete="current-password" />
      </Field>
      <button
        type="button"
        className="justify-self-end text-sm text-primary-text underline-offset-4 hover:underline"
        onClick={onForgotten}
      >
        {t('login.forgotten')}
      </button>
      <Button type="submit" size="lg" disabled={entry.isBusy}>
        {t('login.submit')}
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
      <Fault error={entry.fault} />
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
      <Fault error={entry.fault} />
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

export function Entrance({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid min-h-dvh bg-background md:grid-cols-2">
      <main className="flex flex-col p-6 sm:p-10">
        <div className="flex items-center justify-between">
          <Logo />
          <select
            aria-label={t('shell.language')}
            className="rounded-md border border-input bg-background px-2 py-1.5 text-sm"
            value={i18n.language}
            onChange={(event) => void speak(event.target.value as Language)}
          >
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div className="mx-auto w-full max-w-sm grow content-center py-10">{children}</div>
      </main>
      <aside className="relative hidden overflow-hidden bg-emerald-900 text-white md:grid md:place-content-center">
        <svg
          className="absolute inset-0 size-full"
          preserveAspectRatio="xMidYMid slice"
          viewBox="0 0 600 800"
          aria-hidden
        >
          <rect width="600" height="800" fill="#064e3b" />
          <circle cx="520" cy="120" r="240" fill="#065f46" />
          <circle cx="60" cy="700" r="300" fill="#047857" opacity=".55" />
          {[
            [70, 110, 250, '#10b981'],
            [250, 200, 270, '#34d399'],
            [110, 560, 290, '#10b981'],
            [270, 650, 240, '#6ee7b7'],
          ].map(([x, y, width, fill]) => (
            <g key={`${x}`} opacity=".35">
              <rect x={x} y={y} width={width} height="64" rx="20" fill={String(fill)} />
              <rect x={Number(x) + 24} y={Number(y) + 20} width={Number(width) - 90} height="8" rx="4" fill="#fff" />
              <rect x={Number(x) + 24} y={Number(y) + 38} width={Number(width) - 140} height="8" rx="4" fill="#fff" />
            </g>
          ))}
        </svg>
        <div className="relative grid max-w-md justify-items-center gap-4 p-10 text-center">
          <span className="grid size-16 place-items-center rounded-2xl bg-white/15">
            <MessageCircleIcon className="size-9" aria-hidden />
          </span>
          <p className="text-3xl font-bold">Kazi</p>
          <p className="text-lg text-emerald-50">{t('login.tagline')}</p>
        </div>
      </aside>
    </div>
  );
}

export function LogIn() {
  const [step, setStep] = useState<{ at: 'password' } | { at: 'second'; challenge: string } | { at: 'forgotten' }>({
    at: 'password',
  });
  const back = () => setStep({ at: 'password' });
  return (
    <Entrance>
      {step.at === 'password' && (
        <Password
          onChallenge={(challenge) => setStep({ at: 'second', challenge })}
          onForgotten={() => setStep({ at: 'forgotten' })}
        />
      )}
      {step.at === 'second' && <SecondFactor challenge={step.challenge} onBack={back} />}
      {step.at === 'forgotten' && <Forgotten onBack={back} />}
    </Entrance>
  );
}
