/* The page begins: last of the scripts, when all the others are read. */

index();
translate();
network.fit({ animation: false });
if (location.hash) route();
