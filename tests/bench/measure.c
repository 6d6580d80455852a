/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * measure RUNS COMMAND [ARG…]: runs the command RUNS times with its output thrown away and prints the medians: CPU
 * seconds (user and system), wall seconds, peak memory in MB. The command must succeed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 101 };

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, long n)
{
	qsort(values, (size_t)n, sizeof(*values), by_value);
	return values[n / 2];
}

static void become(char **command)
{
	int null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(null, 2);
	execvp(command[0], command);
	_exit(127);
}

int main(int argc, char **argv)
{
	double cpu[MOST_RUNS], wall[MOST_RUNS], peak[MOST_RUNS];
	long runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	if (runs < 1 || runs > MOST_RUNS) {
		fprintf(stderr, "usage: measure RUNS COMMAND [ARG...]\n");
		return 2;
	}
	for (long i = -1; i < runs; i++) { /* -1: a warm-up that is not counted */
		struct timespec from, to;
		struct rusage usage;
		int status;
		clock_gettime(CLOCK_MONOTONIC, &from);
		pid_t pid = fork();
		if (pid == 0)
			become(argv + 2);
		if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
			fprintf(stderr, "measure: %s\n", strerror(errno));
			return 1;
		}
		clock_gettime(CLOCK_MONOTONIC, &to);
		if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
			fprintf(stderr, "measure: %s failed\n", argv[2]);
			return 1;
		}
		if (i < 0)
			continue;
		cpu[i] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
		wall[i] = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
		peak[i] = (double)usage.ru_maxrss / 1024;
	}
	printf("%.3f %.3f %.1f\n", median(cpu, runs), median(wall, runs), median(peak, runs));
	return 0;
}
