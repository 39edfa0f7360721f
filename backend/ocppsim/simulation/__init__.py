"""One simulated charger: controller and plant joined; still pure."""
