/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libsdingress: Kubernetes Ingress objects in, the configuration of a stock HAProxy or NGINX out.
 * No I/O, no global state, no thread, no printing. See libsdingress(3).
 */
#ifndef SDINGRESS_SDINGRESS_H
#define SDINGRESS_SDINGRESS_H

#include <sdingress/bundle.h>
#include <sdingress/diag.h>
#include <sdingress/gateway.h>
#include <sdingress/registry.h>
#include <sdingress/report.h>
#include <sdingress/settings.h>
#include <sdingress/status.h>
#include <sdingress/store.h>
#include <sdingress/translate.h>
#include <sdingress/version.h>

#endif
