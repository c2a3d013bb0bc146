# U-Boot: choose a slot and boot it. Two slots, A and B, each a boot image (kernel, initramfs, device
# tree; checked by SHA-256) and a root file system. The state partition says which to try:
#   order     the slots, the preferred one first
#   a_left, b_left    ff: proven, boot it; 1 to 3: on trial, that many tries left; 0: do not boot
#   gen       counts up; of the two copies the newer good one (CRC-32) is valid
# Only a slot on trial costs a write. Numbers are hexadecimal.
setenv copy0 @IMAGE@
setexpr copy1 ${copy0} + 1000
setexpr fresh ${copy0} + 2000
part start ${devtype} ${devnum} state first
setexpr second ${first} + 8

setenv gen0 0
setenv gen1 0
setenv order "A B"
setenv a_left 3
setenv b_left 3
${devtype} dev ${devnum}
${devtype} read ${copy0} ${first} 10
setenv gen 0
if env import -c ${copy0} 1000 gen; then setenv gen0 ${gen}; fi
setenv gen 0
if env import -c ${copy1} 1000 gen; then setenv gen1 ${gen}; fi
setenv older ${second}
if test 0x${gen1} -gt 0x${gen0}; then
  env import -c ${copy1} 1000 gen order a_left b_left
  setenv older ${first}
elif test 0x${gen0} -gt 0; then
  env import -c ${copy0} 1000 gen order a_left b_left
else
  echo "box: no valid state, trying both slots"
  setenv gen 0
fi

# Some machines' U-Boot is told to leave the initramfs where it was read: in the kernel's way.
setenv initrd_high
for slot in ${order}; do
  if test ${slot} = A; then setenv left ${a_left}; else setenv left ${b_left}; fi
  if test 0x${left} -gt 0; then
    if test 0x${left} -lt 0xff; then
      setexpr left ${left} - 1
      if test ${slot} = A; then setenv a_left ${left}; else setenv b_left ${left}; fi
      setexpr gen ${gen} + 1
      env export -c -s 1000 ${fresh} gen order a_left b_left
      ${devtype} write ${fresh} ${older} 8
      if test ${older} = ${first}; then setenv older ${second}; else setenv older ${first}; fi
    fi
    echo "box: slot ${slot}, tries left ${left}"
    part start ${devtype} ${devnum} boot${slot} start
    ${devtype} read @IMAGE@ ${start} 1
    fdt addr @IMAGE@
    fdt header get bytes totalsize
    setexpr blocks 0x${bytes} + 1ff
    setexpr blocks ${blocks} / 200
    # Of the partition's 16 MiB at most: a damaged size must not read over ourselves, and is no image.
    if test 0x${blocks} -gt 0x8000; then
      mw.l @IMAGE@ 0
    else
      ${devtype} read @IMAGE@ ${start} ${blocks}
    fi
    setenv bootargs "console=@CONSOLE@ panic=5 quiet loglevel=4 cma=0 ipv6.disable=1 printk.devkmsg=on box.slot=${slot}"
    bootm @BOOTM@
    echo "box: slot ${slot} does not boot"
  fi
done
# All are tried again, also those whose tries are used up: with nothing proven, as after a lost state,
# the good one is among them.
if test 0x${a_left} -eq 0; then setenv a_left 3; fi
if test 0x${b_left} -eq 0; then setenv b_left 3; fi
setexpr gen ${gen} + 1
env export -c -s 1000 ${fresh} gen order a_left b_left
${devtype} write ${fresh} ${older} 8
echo "box: no slot boots, again in 10 s"
sleep 10
reset
