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
  component: lazyRouteComponent(() => import('./pages/workspace-new'), 'NewWorkspace'),
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
    component: lazyRouteComponent(() => import('./pages/prompts'), 'Prompts'),
  }),
  createRoute({
    ...one,
    path: '/prompts/$id',
    component: lazyRouteComponent(() => import('./pages/prompt'), 'PromptPage'),
  }),
  createRoute({
    ...list,
    path: '/knowledge',
    component: lazyRouteComponent(() => import('./pages/knowledge'), 'Knowledge'),
  }),
  createRoute({
    ...list,
    path: '/menu',
    component: lazyRouteComponent(() => import('./pages/menu'), 'Menu'),
  }),
  createRoute({
    ...list,
    path: '/ai-costs',
    component: lazyRouteComponent(() => import('./pages/ai-costs'), 'AiCosts'),
  }),
  createRoute({
    ...list,
    path: '/usage',
    component: lazyRouteComponent(() => import('./pages/usage'), 'Usage'),
  }),
  createRoute({
    ...list,
    path: '/credits',
    component: lazyRouteComponent(() => import('./pages/credits'), 'Credits'),
  }),
  createRoute({
    ...list,
    path: '/canned-replies',
    component: lazyRouteComponent(() => import('./pages/canned-replies'), 'CannedReplies'),
  }),
  createRoute({
    ...list,
    path: '/dashboard',
    component: lazyRouteComponent(() => import('./pages/dashboard'), 'Dashboard'),
  }),
  createRoute({
    ...list,
    path: '/inbox',
    component: lazyRouteComponent(() => import('./pages/inbox'), 'Inbox'),
  }),
  createRoute({
    ...list,
    path: '/contacts',
    component: lazyRouteComponent(() => import('./pages/contacts'), 'Contacts'),
  }),
  createRoute({
    ...one,
    path: '/contacts/$id',
    component: lazyRouteComponent(() => import('./pages/contact'), 'Contact'),
  }),
  createRoute({
    ...list,
    path: '/campaigns',
    component: lazyRouteComponent(() => import('./pages/campaigns'), 'Campaigns'),
  }),
  createRoute({
    ...list,
    path: '/campaigns/$id',
    component: lazyRouteComponent(() => import('./pages/campaign'), 'Campaign'),
  }),
  createRoute({
    ...list,
    path: '/marketing',
    component: lazyRouteComponent(() => import('./pages/marketing'), 'Marketing'),
  }),
  createRoute({
    ...list,
    path: '/marketing/$id',
    component: lazyRouteComponent(() => import('./pages/marketing-campaign'), 'MarketingPage'),
  }),
  createRoute({
    ...list,
    path: '/automations',
    component: lazyRouteComponent(() => import('./pages/automations'), 'Automations'),
  }),
  createRoute({
    ...list,
    path: '/automations/new',
    component: lazyRouteComponent(() => import('./pages/automation-edit'), 'NewAutomation'),
  }),
  createRoute({
    ...list,
    path: '/automations/$id',
    component: lazyRouteComponent(() => import('./pages/automation'), 'AutomationPage'),
  }),
  createRoute({
    ...one,
    path: '/automations/$id/edit',
    component: lazyRouteComponent(() => import('./pages/automation-edit'), 'EditAutomation'),
  }),
  createRoute({
    ...list,
    path: '/templates',
    component: lazyRouteComponent(() => import('./pages/templates'), 'Templates'),
  }),
  createRoute({
    ...one,
    path: '/templates/new',
    validateSearch: copySearch,
    component: lazyRouteComponent(() => import('./pages/template'), 'NewTemplate'),
  }),
  createRoute({
    ...one,
    path: '/templates/$id',
    component: lazyRouteComponent(() => import('./pages/template'), 'TemplatePage'),
  }),
  createRoute({
    ...list,
    path: '/orders',
    component: lazyRouteComponent(() => import('./pages/orders'), 'Orders'),
  }),
  createRoute({
    ...one,
    path: '/orders/new',
    validateSearch: ({ contact }: Record<string, unknown>): { contact?: string } =>
      typeof contact === 'string' ? { contact } : {},
    component: lazyRouteComponent(() => import('./pages/order-new'), 'NewOrder'),
  }),
  createRoute({
    ...one,
    path: '/orders/carts/$id',
    component: lazyRouteComponent(() => import('./pages/cart'), 'CartPage'),
  }),
  createRoute({
    ...one,
    path: '/orders/$id',
    component: lazyRouteComponent(() => import('./pages/order'), 'Order'),
  }),
  createRoute({
    ...list,
    path: '/bookings',
    component: lazyRouteComponent(() => import('./pages/bookings'), 'Bookings'),
  }),
  createRoute({
    ...list,
    path: '/tickets',
    component: lazyRouteComponent(() => import('./pages/tickets'), 'Tickets'),
  }),
  createRoute({
    ...one,
    path: '/tickets/$id',
    component: lazyRouteComponent(() => import('./pages/ticket'), 'Ticket'),
  }),
  createRoute({
    ...one,
    path: '/channels',
    component: lazyRouteComponent(() => import('./pages/channels'), 'Channels'),
  }),
  createRoute({
    ...one,
    path: '/channels/new',
    component: lazyRouteComponent(() => import('./pages/channel-connect'), 'ConnectChannel'),
  }),
  createRoute({
    ...one,
    path: '/channels/$id',
    component: lazyRouteComponent(() => import('./pages/channel'), 'ChannelPage'),
  }),
  createRoute({
    ...one,
    path: '/channels/$id/connect',
    component: lazyRouteComponent(() => import('./pages/channel-connect'), 'FinishChannel'),
  }),
  createRoute({
    ...list,
    path: '/products',
    component: lazyRouteComponent(() => import('./pages/products'), 'Products'),
  }),
  createRoute({
    ...list,
    path: '/categories',
    component: lazyRouteComponent(() => import('./pages/categories'), 'Categories'),
  }),
  createRoute({
    ...list,
    path: '/payments',
    component: lazyRouteComponent(() => import('./pages/payments'), 'Payments'),
  }),
  createRoute({
    ...one,
    path: '/payments/$id',
    component: lazyRouteComponent(() => import('./pages/payment'), 'Payment'),
  }),
  createRoute({
    ...list,
    path: '/subscriptions',
    component: lazyRouteComponent(() => import('./pages/subscriptions'), 'Subscriptions'),
  }),
  createRoute({
    ...one,
    path: '/subscriptions/$id',
    component: lazyRouteComponent(() => import('./pages/subscription'), 'Subscription'),
  }),
  createRoute({
    ...list,
    path: '/invoices',
    component: lazyRouteComponent(() => import('./pages/invoices'), 'Invoices'),
  }),
  createRoute({
    ...list,
    path: '/feedback',
    component: lazyRouteComponent(() => import('./pages/feedback'), 'Feedback'),
  }),
  createRoute({
    ...list,
    path: '/loyalty',
    component: lazyRouteComponent(() => import('./pages/loyalty'), 'Loyalty'),
  }),
  createRoute({
    ...list,
    path: '/loyalty/accounts/$id',
    component: lazyRouteComponent(() => import('./pages/loyalty-account'), 'LoyaltyAccount'),
  }),
  createRoute({
    ...one,
    path: '/loyalty/counter',
    component: lazyRouteComponent(() => import('./pages/loyalty-counter'), 'Counter'),
  }),
  createRoute({
    ...list,
    path: '/news',
    component: lazyRouteComponent(() => import('./pages/news'), 'News'),
  }),
  createRoute({
    ...one,
    path: '/news/add',
    component: lazyRouteComponent(() => import('./pages/news-add'), 'AddNews'),
  }),
  createRoute({
    ...list,
    path: '/social',
    component: lazyRouteComponent(() => import('./pages/social'), 'Social'),
  }),
  createRoute({
    ...list,
    path: '/members',
    component: lazyRouteComponent(() => import('./pages/members'), 'Members'),
  }),
  createRoute({
    ...list,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./pages/api-keys'), 'ApiKeys'),
  }),
  createRoute({
    ...list,
    path: '/endpoints',
    component: lazyRouteComponent(() => import('./pages/endpoints'), 'Endpoints'),
  }),
  createRoute({
    ...list,
    path: '/endpoints/$id',
    component: lazyRouteComponent(() => import('./pages/endpoint'), 'EndpointPage'),
  }),
  createRoute({
    ...list,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit'), 'Audit'),
  }),
  createRoute({
    ...list,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings'), 'Settings'),
  }),
  createRoute({
    ...one,
    path: '/profile',
    component: lazyRouteComponent(() => import('./pages/profile'), 'Profile'),
  }),
  createRoute({
    ...list,
    path: '/notifications',
    component: lazyRouteComponent(() => import('./pages/notifications'), 'Notifications'),
  }),
  createRoute({
    ...list,
    path: '/segments',
    component: lazyRouteComponent(() => import('./pages/segments'), 'Segments'),
  }),
  createRoute({
    ...list,
    path: '/ops',
    component: lazyRouteComponent(() => import('./pages/ops'), 'Ops'),
  }),
  createRoute({
    ...list,
    path: '/schedules',
    component: lazyRouteComponent(() => import('./pages/schedules'), 'Schedules'),
  }),
  createRoute({
    ...list,
    path: '/exports',
    component: lazyRouteComponent(() => import('./pages/exports'), 'Exports'),
  }),
  createRoute({
    ...list,
    path: '/imports',
    component: lazyRouteComponent(() => import('./pages/imports'), 'Imports'),
  }),
  createRoute({
    ...one,
    path: '/imports/new',
    component: lazyRouteComponent(() => import('./pages/import-new'), 'NewImport'),
  }),
  createRoute({
    ...one,
    path: '/imports/$id',
    component: lazyRouteComponent(() => import('./pages/import'), 'Import'),
  }),
  createRoute({
    ...list,
    path: '/services',
    component: lazyRouteComponent(() => import('./pages/services'), 'Services'),
  }),
  createRoute({
    ...one,
    path: '/campaigns/$id/edit',
    component: lazyRouteComponent(() => import('./pages/campaign-new'), 'EditCampaign'),
  }),
  createRoute({
    ...list,
    path: '/campaigns/new',
    component: lazyRouteComponent(() => import('./pages/campaign-new'), 'NewCampaign'),
  }),
  createRoute({
    ...list,
    path: '/staff',
    component: lazyRouteComponent(() => import('./pages/staff-overview'), 'StaffOverview'),
  }),
  createRoute({
    ...list,
    path: '/staff/users',
    component: lazyRouteComponent(() => import('./pages/staff-users'), 'StaffUsers'),
  }),
  createRoute({
    ...one,
    path: '/staff/users/$id',
    component: lazyRouteComponent(() => import('./pages/staff-user'), 'StaffUser'),
  }),
  createRoute({
    ...list,
    path: '/staff/workspaces',
    component: lazyRouteComponent(() => import('./pages/staff-workspaces'), 'StaffWorkspaces'),
  }),
  createRoute({
    ...one,
    path: '/staff/workspaces/$id',
    component: lazyRouteComponent(() => import('./pages/staff-workspace'), 'StaffWorkspace'),
  }),
  createRoute({
    ...list,
    path: '/staff/workspaces/$id/credits',
    component: lazyRouteComponent(() => import('./pages/staff-credits'), 'StaffCredits'),
  }),
  createRoute({
    ...list,
    path: '/staff/packs',
    component: lazyRouteComponent(() => import('./pages/staff-packs'), 'StaffPacks'),
  }),
  createRoute({
    ...one,
    path: '/staff/settings',
    component: lazyRouteComponent(() => import('./pages/staff-settings'), 'StaffSettings'),
  }),
  createRoute({
    ...list,
    path: '/staff/log',
    component: lazyRouteComponent(() => import('./pages/staff-log'), 'StaffLog'),
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
