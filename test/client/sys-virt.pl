# Connects with libvirt's Perl binding, runs a domain through its life and prints what it finds, one line each.
# Usage: sys-virt.pl URI XML-FILE
use strict;
use warnings;
use Sys::Virt;

my ($uri, $file) = @ARGV;
my $connection = Sys::Virt->new(uri => $uri);
print "type ", $connection->get_type(), "\n";
print "alive ", $connection->is_alive(), "\n";
open(my $handle, '<', $file) or die "$file: $!";
my $xml = do { local $/; <$handle> };
my $domain = $connection->define_domain($xml);
$domain->create(Sys::Virt::Domain::START_PAUSED);
my ($state, $reason) = $domain->get_state();
print "state $state $reason\n";
my $info = $domain->get_info();
print "memory $info->{maxMem} cpus $info->{nrVirtCpu}\n";
print "names ", join(",", map { $_->get_name() } $connection->list_all_domains()), "\n";
$domain->destroy();
$domain->undefine();
eval { $connection->get_domain_by_name("nosuch") };
print "error ", $@->code(), " ", $@->domain(), " ", $@->message(), "\n";
