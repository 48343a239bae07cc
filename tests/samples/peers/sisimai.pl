#!/usr/bin/perl
# sisimai.pl FOLDER: prints {file: [[recipient, reason, delivery status], ...]} for each message.
use strict;
use warnings;
use JSON::PP;
use Sisimai;

my ($folder) = @ARGV;
opendir my $handle, $folder or die "$folder: $!";
my %results;
for my $name (sort grep { !/^\./ } readdir $handle) {
    my $found = Sisimai->make("$folder/$name", 'delivered' => 1) || [];
    $results{$name} = [
        sort { join("\0", @$a) cmp join("\0", @$b) }
        map { [$_->recipient->address, $_->reason, $_->deliverystatus] } @$found
    ];
}
print JSON::PP->new->canonical->encode(\%results);
