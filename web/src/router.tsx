import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { current } from './api/client';
import { Crashed, NotFound } from './components/not-found';
import { Shell } from './components/shell';
import { Loading } from './components/states';
import { pageTexts } from './lib/i18n';
import { invitationIn } from './lib/invitation';
import { listSearch } from './lib/list-state';
import { needsNoWorkspace } from './lib/platform';
import { LogIn } from './pages/log-in';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Crashed,
});

/** Only a path of this app: a foreign address here would lead people away after they log in. */
function backSearch({ back }: Record<string, unknown>): { back?: string } {
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? { back } : {};
}

/** A page beyond the first ones. It comes with the texts of all of them. */
function page<Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(() => Promise.all([load(), pageTexts()]).then(([module]) => module), name);
}

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: backSearch,
  beforeLoad: ({ search, location: { hash } }) => {
    if (!current()) return;
    if (invitationIn(hash)) throw redirect({ to: '/workspaces', search, hash });
    throw redirect({ href: `/app${search.back ?? '/'}` });
  },
  component: LogIn,
});

const workspaces = createRoute({
  getParentRoute: () => root,
  path: '/workspaces',
  validateSearch: backSearch,
  beforeLoad: ({ search, location: { hash } }) => {
    // An invitation stays in the address while its addressee logs in or registers.
    if (!current()) throw redirect({ to: '/login', search, hash });
  },
  component: lazyRouteComponent(() => import('./pages/workspaces'), 'Workspaces'),
});

const newWorkspace = createRoute({
  getParentRoute: () => root,
  path: '/workspaces/new',
  beforeLoad: () => {
    if (!current()) throw redirect({ to: '/login', search: { back: '/workspaces/new' } });
  },
  component: page(() => import('./pages/workspace-new'), 'NewWorkspace'),
});

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: ({ location }) => {
    const session = current();
    const search = { back: location.pathname === '/' ? undefined : location.href.replace(/^\/app(?=\/)/, '') };
    if (!session) throw redirect({ to: '/login', search });
    if (!session.workspace && !needsNoWorkspace(location.pathname)) throw redirect({ to: '/workspaces', search });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/dashboard' });
  },
});

/** Which template a new one is made of: another language of it, or a template with another name. */
function copySearch({ from, as }: Record<string, unknown>): { from?: string; as?: 'language' } {
  return typeof from === 'string' ? { from, as: as === 'language' ? as : undefined } : {};
}

const list = { getParentRoute: () => app, validateSearch: listSearch };
const one = { getParentRoute: () => app };

const pages = [
  createRoute({
    ...list,
    path: '/prompts',
    component: page(() => import('./pages/prompts'), 'Prompts'),
  }),
  createRoute({
    ...one,
    path: '/prompts/$id',
    component: page(() => import('./pages/prompt'), 'PromptPage'),
  }),
  createRoute({
    ...list,
    path: '/knowledge',
    component: page(() => import('./pages/knowledge'), 'Knowledge'),
  }),
  createRoute({
    ...list,
    path: '/menu',
    component: page(() => import('./pages/menu'), 'Menu'),
  }),
  createRoute({
    ...list,
    path: '/ai-costs',
    component: page(() => import('./pages/ai-costs'), 'AiCosts'),
  }),
  createRoute({
    ...list,
    path: '/usage',
    component: page(() => import('./pages/usage'), 'Usage'),
  }),
  createRoute({
    ...list,
    path: '/credits',
    component: page(() => import('./pages/credits'), 'Credits'),
  }),
  createRoute({
    ...list,
    path: '/canned-replies',
    component: page(() => import('./pages/canned-replies'), 'CannedReplies'),
  }),
  createRoute({
    ...list,
    path: '/dashboard',
    component: lazyRouteComponent(() => import('./pages/dashboard'), 'Dashboard'),
  }),
  createRoute({
    ...list,
    path: '/inbox',
    component: page(() => import('./pages/inbox'), 'Inbox'),
  }),
  createRoute({
    ...list,
    path: '/contacts',
    component: page(() => import('./pages/contacts'), 'Contacts'),
  }),
  createRoute({
    ...one,
    path: '/contacts/$id',
    component: page(() => import('./pages/contact'), 'Contact'),
  }),
  createRoute({
    ...list,
    path: '/campaigns',
    component: page(() => import('./pages/campaigns'), 'Campaigns'),
  }),
  createRoute({
    ...list,
    path: '/campaigns/$id',
    component: page(() => import('./pages/campaign'), 'Campaign'),
  }),
  createRoute({
    ...list,
    path: '/marketing',
    component: page(() => import('./pages/marketing'), 'Marketing'),
  }),
  createRoute({
    ...list,
    path: '/marketing/$id',
    component: page(() => import('./pages/marketing-campaign'), 'MarketingPage'),
  }),
  createRoute({
    ...list,
    path: '/automations',
    component: page(() => import('./pages/automations'), 'Automations'),
  }),
  createRoute({
    ...list,
    path: '/automations/new',
    component: page(() => import('./pages/automation-edit'), 'NewAutomation'),
  }),
  createRoute({
    ...list,
    path: '/automations/$id',
    component: page(() => import('./pages/automation'), 'AutomationPage'),
  }),
  createRoute({
    ...one,
    path: '/automations/$id/edit',
    component: page(() => import('./pages/automation-edit'), 'EditAutomation'),
  }),
  createRoute({
    ...list,
    path: '/templates',
    component: page(() => import('./pages/templates'), 'Templates'),
  }),
  createRoute({
    ...one,
    path: '/templates/new',
    validateSearch: copySearch,
    component: page(() => import('./pages/template'), 'NewTemplate'),
  }),
  createRoute({
    ...one,
    path: '/templates/$id',
    component: page(() => import('./pages/template'), 'TemplatePage'),
  }),
  createRoute({
    ...list,
    path: '/orders',
    component: page(() => import('./pages/orders'), 'Orders'),
  }),
  createRoute({
    ...one,
    path: '/orders/new',
    validateSearch: ({ contact }: Record<string, unknown>): { contact?: string } =>
      typeof contact === 'string' ? { contact } : {},
    component: page(() => import('./pages/order-new'), 'NewOrder'),
  }),
  createRoute({
    ...one,
    path: '/orders/carts/$id',
    component: page(() => import('./pages/cart'), 'CartPage'),
  }),
  createRoute({
    ...one,
    path: '/orders/$id',
    component: page(() => import('./pages/order'), 'Order'),
  }),
  createRoute({
    ...list,
    path: '/bookings',
    component: page(() => import('./pages/bookings'), 'Bookings'),
  }),
  createRoute({
    ...list,
    path: '/tickets',
    component: page(() => import('./pages/tickets'), 'Tickets'),
  }),
  createRoute({
    ...one,
    path: '/tickets/$id',
    component: page(() => import('./pages/ticket'), 'Ticket'),
  }),
  createRoute({
    ...one,
    path: '/channels',
    component: page(() => import('./pages/channels'), 'Channels'),
  }),
  createRoute({
    ...one,
    path: '/channels/new',
    component: page(() => import('./pages/channel-connect'), 'ConnectChannel'),
  }),
  createRoute({
    ...one,
    path: '/channels/$id',
    component: page(() => import('./pages/channel'), 'ChannelPage'),
  }),
  createRoute({
    ...one,
    path: '/channels/$id/connect',
    component: page(() => import('./pages/channel-connect'), 'FinishChannel'),
  }),
  createRoute({
    ...list,
    path: '/products',
    component: page(() => import('./pages/products'), 'Products'),
  }),
  createRoute({
    ...list,
    path: '/categories',
    component: page(() => import('./pages/categories'), 'Categories'),
  }),
  createRoute({
    ...list,
    path: '/payments',
    component: page(() => import('./pages/payments'), 'Payments'),
  }),
  createRoute({
    ...one,
    path: '/payments/$id',
    component: page(() => import('./pages/payment'), 'Payment'),
  }),
  createRoute({
    ...list,
    path: '/subscriptions',
    component: page(() => import('./pages/subscriptions'), 'Subscriptions'),
  }),
  createRoute({
    ...one,
    path: '/subscriptions/$id',
    component: page(() => import('./pages/subscription'), 'Subscription'),
  }),
  createRoute({
    ...list,
    path: '/invoices',
    component: page(() => import('./pages/invoices'), 'Invoices'),
  }),
  createRoute({
    ...list,
    path: '/feedback',
    component: page(() => import('./pages/feedback'), 'Feedback'),
  }),
  createRoute({
    ...list,
    path: '/loyalty',
    component: page(() => import('./pages/loyalty'), 'Loyalty'),
  }),
  createRoute({
    ...list,
    path: '/loyalty/accounts/$id',
    component: page(() => import('./pages/loyalty-account'), 'LoyaltyAccount'),
  }),
  createRoute({
    ...one,
    path: '/loyalty/counter',
    component: page(() => import('./pages/loyalty-counter'), 'Counter'),
  }),
  createRoute({
    ...list,
    path: '/news',
    component: page(() => import('./pages/news'), 'News'),
  }),
  createRoute({
    ...one,
    path: '/news/add',
    component: page(() => import('./pages/news-add'), 'AddNews'),
  }),
  createRoute({
    ...list,
    path: '/social',
    component: page(() => import('./pages/social'), 'Social'),
  }),
  createRoute({
    ...list,
    path: '/members',
    component: page(() => import('./pages/members'), 'Members'),
  }),
  createRoute({
    ...list,
    path: '/api-keys',
    component: page(() => import('./pages/api-keys'), 'ApiKeys'),
  }),
  createRoute({
    ...list,
    path: '/endpoints',
    component: page(() => import('./pages/endpoints'), 'Endpoints'),
  }),
  createRoute({
    ...list,
    path: '/endpoints/$id',
    component: page(() => import('./pages/endpoint'), 'EndpointPage'),
  }),
  createRoute({
    ...list,
    path: '/audit',
    component: page(() => import('./pages/audit'), 'Audit'),
  }),
  createRoute({
    ...list,
    path: '/settings',
    component: page(() => import('./pages/settings'), 'Settings'),
  }),
  createRoute({
    ...one,
    path: '/profile',
    component: page(() => import('./pages/profile'), 'Profile'),
  }),
  createRoute({
    ...list,
    path: '/notifications',
    component: page(() => import('./pages/notifications'), 'Notifications'),
  }),
  createRoute({
    ...list,
    path: '/segments',
    component: page(() => import('./pages/segments'), 'Segments'),
  }),
  createRoute({
    ...list,
    path: '/ops',
    component: page(() => import('./pages/ops'), 'Ops'),
  }),
  createRoute({
    ...list,
    path: '/schedules',
    component: page(() => import('./pages/schedules'), 'Schedules'),
  }),
  createRoute({
    ...list,
    path: '/exports',
    component: page(() => import('./pages/exports'), 'Exports'),
  }),
  createRoute({
    ...list,
    path: '/imports',
    component: page(() => import('./pages/imports'), 'Imports'),
  }),
  createRoute({
    ...one,
    path: '/imports/new',
    component: page(() => import('./pages/import-new'), 'NewImport'),
  }),
  createRoute({
    ...one,
    path: '/imports/$id',
    component: page(() => import('./pages/import'), 'Import'),
  }),
  createRoute({
    ...list,
    path: '/services',
    component: page(() => import('./pages/services'), 'Services'),
  }),
  createRoute({
    ...one,
    path: '/campaigns/$id/edit',
    component: page(() => import('./pages/campaign-new'), 'EditCampaign'),
  }),
  createRoute({
    ...list,
    path: '/campaigns/new',
    component: page(() => import('./pages/campaign-new'), 'NewCampaign'),
  }),
  createRoute({
    ...list,
    path: '/staff',
    component: page(() => import('./pages/staff-overview'), 'StaffOverview'),
  }),
  createRoute({
    ...list,
    path: '/staff/users',
    component: page(() => import('./pages/staff-users'), 'StaffUsers'),
  }),
  createRoute({
    ...one,
    path: '/staff/users/$id',
    component: page(() => import('./pages/staff-user'), 'StaffUser'),
  }),
  createRoute({
    ...list,
    path: '/staff/workspaces',
    component: page(() => import('./pages/staff-workspaces'), 'StaffWorkspaces'),
  }),
  createRoute({
    ...one,
    path: '/staff/workspaces/$id',
    component: page(() => import('./pages/staff-workspace'), 'StaffWorkspace'),
  }),
  createRoute({
    ...list,
    path: '/staff/workspaces/$id/credits',
    component: page(() => import('./pages/staff-credits'), 'StaffCredits'),
  }),
  createRoute({
    ...list,
    path: '/staff/packs',
    component: page(() => import('./pages/staff-packs'), 'StaffPacks'),
  }),
  createRoute({
    ...one,
    path: '/staff/settings',
    component: page(() => import('./pages/staff-settings'), 'StaffSettings'),
  }),
  createRoute({
    ...list,
    path: '/staff/log',
    component: page(() => import('./pages/staff-log'), 'StaffLog'),
  }),
] as const;

const tree = root.addChildren([logIn, workspaces, newWorkspace, app.addChildren([home, ...pages])]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: '/app',
    context: { queries },
    defaultPreload: 'intent',
    defaultPendingComponent: Loading,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
