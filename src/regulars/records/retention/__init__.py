"""What has outlived its keep: counted, shown, and let go once the privacy officer has said so."""
