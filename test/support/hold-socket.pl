# Holds a listening socket as systemd does and runs a program on it again and again: on HUP the program is ended and started anew, on TERM it is ended.
# Usage: perl hold-socket.pl program arguments…   Prints the port.
use strict; use warnings; use Socket; use POSIX ();
$^F = 9;    # what is opened below is left open for the program
my $listening;
socket($listening, PF_INET, SOCK_STREAM, 0) and bind($listening, sockaddr_in(0, INADDR_LOOPBACK)) and listen($listening, 511) or die $!;
my ($port) = sockaddr_in(getsockname($listening));
POSIX::dup2(fileno($listening), 3) if fileno($listening) != 3;
$| = 1; print "held $port\n";
my ($child, $leaving) = (0, 0);
$SIG{HUP} = sub { kill 'TERM', $child };
$SIG{TERM} = sub { $leaving = 1; kill 'TERM', $child };
until ($leaving) {
  $child = fork() // die $!;
  if (!$child) { @ENV{qw(LISTEN_FDS LISTEN_PID)} = (1, $$); exec @ARGV or die $! }
  1 until waitpid($child, 0) == $child;
  print "ended $?\n";
}
