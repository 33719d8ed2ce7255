# What zmonvif-trigger.pl needs of the rest of ZoneMinder, so that it runs without its database and cameras: one camera out
# of the environment, and a log on standard error. Everything that speaks ONVIF is ZoneMinder's own.
package ZoneMinder;
use strict;
use warnings;
use parent 'Exporter';
our @EXPORT = qw(logInit logSetSignal Debug Info Warning Error Fatal zmDbConnect zmMemInvalidate);

sub logInit { }
sub logSetSignal { }
sub zmMemInvalidate { }
sub Debug   { print STDERR "debug @_\n" }
sub Info    { print STDERR "info @_\n" }
sub Warning { print STDERR "warning @_\n" }
sub Error   { print STDERR "error @_\n" }
sub Fatal   { die "@_\n" }
sub zmDbConnect { bless [], 'ZoneMinder::OneCamera' }

package ZoneMinder::OneCamera;

sub prepare_cached {
  my %camera = map { $_ => $ENV{$_} } qw(ONVIF_URL ONVIF_Username ONVIF_Password);
  bless [ { %camera, Id => 1, Name => 'simulated', Path => '', ONVIF_Options => 'SOAP12' } ], __PACKAGE__;
}
sub execute { 1 }
sub fetchrow_hashref { shift @{ $_[0] } }

1;
