/**
 * The script behind an exchange. KEYS: 1 the sender's batch number, 2 targets out of use (sorted by deadline), 3 their version, then
 * limits and bonds. ARGV[1] is the message as JSON, with limits and bonds as indexes into KEYS. Answers { taken or 0, now, version, shortages,
 * openings, bound, bonds }: shortages as index and wait in turns, a wait of -1 is unknown; openings as name and time in turns; whom requests are
 * bound to, empty for nobody.
 *
 * A window is a hash: amounts by slice of time, `t` their total, `o` the oldest slice. Slices are a thousandth of the window, at least 1 ms; one
 * counts until all of it has left the window, so that no window ever holds more than its limit.
 */
export const exchangeScript = `
local m = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local hour, day = 3600000, 86400000

local function sliceOf(window) return math.max(1, math.ceil(window / 1000)) end

local function slices(from, to)
  local names = {}
  for slice = from, to do names[#names + 1] = slice end
  return names
end

local function forget(key, window)
  local head = redis.call('HMGET', key, 't', 'o')
  local total, oldest = tonumber(head[1]) or 0, tonumber(head[2])
  if not oldest then return 0 end
  local width = sliceOf(window)
  local last = math.floor((now - window) / width) - 1
  if last < oldest then return total, oldest end
  if last - oldest > 2000 then
    redis.call('DEL', key)
    return 0
  end
  for from = oldest, last, 500 do
    local names = slices(from, math.min(from + 499, last))
    for index, amount in ipairs(redis.call('HMGET', key, unpack(names))) do
      if amount then
        total = total - tonumber(amount)
        redis.call('HDEL', key, names[index])
      end
    end
  end
  redis.call('HSET', key, 't', total, 'o', last + 1)
  return total, last + 1
end

local function untilFreed(key, window, oldest, needed)
  local width = sliceOf(window)
  local newest = math.floor(now / width)
  for from = oldest, newest, 50 do
    local names = slices(from, math.min(from + 49, newest))
    for index, amount in ipairs(redis.call('HMGET', key, unpack(names))) do
      if amount then needed = needed - tonumber(amount) end
      if needed <= 0 then return (names[index] + 1) * width + window - now end
    end
  end
  return window
end

local function addToWindow(key, window, amount)
  local slice = math.floor(now / sliceOf(window))
  redis.call('HINCRBY', key, slice, amount)
  redis.call('HSETNX', key, 'o', slice)
  redis.call('PEXPIRE', key, window + 2 * sliceOf(window))
  return redis.call('HINCRBY', key, 't', amount)
end

local function correctWindow(key, window, amount, takenAt)
  local slice = math.floor(takenAt / sliceOf(window))
  local held = tonumber(redis.call('HGET', key, slice))
  if not held then return end
  local change = math.max(amount, -held)
  redis.call('HINCRBY', key, slice, change)
  redis.call('HINCRBY', key, 't', change)
end

local function addToTotal(key, amount, endsIn)
  local total = redis.call('INCRBY', key, amount)
  if total < 0 then redis.call('SET', key, 0) end
  redis.call('PEXPIRE', key, endsIn + day)
  return total
end

local function correct(c)
  local key = KEYS[c.k]
  if c.kind == 'release' then redis.call('ZREM', key, c.lease)
  elseif c.kind == 'renew' then
    redis.call('ZADD', key, 'XX', now + m.leaseMs, c.lease)
    redis.call('PEXPIRE', key, 2 * m.leaseMs)
  elseif c.endsIn then addToTotal(key, c.amount, c.endsIn)
  elseif c.takenAt then correctWindow(key, c.window, c.amount, c.takenAt)
  else
    forget(key, c.window)
    addToWindow(key, c.window, c.amount)
  end
end

local function waitFor(c, pending)
  local key = KEYS[c.k]
  local before = pending[c.k] or 0
  if c.kind == 'lease' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    pending[c.k] = before + 1
    return redis.call('ZCARD', key) + before < c.limit and 0 or -1
  end
  pending[c.k] = before + c.amount
  if c.kind == 'total' then
    local total = tonumber(redis.call('GET', key)) or 0
    return total + before + c.amount <= c.limit and 0 or c.endsIn
  end
  local total, oldest = forget(key, c.window)
  local beyond = total + before + c.amount - c.limit
  if beyond <= 0 then return 0 end
  if not oldest then return c.window end
  return math.max(1, untilFreed(key, c.window, oldest, beyond))
end

local shortages = {}
local function tell(c, wait)
  shortages[#shortages + 1] = c.k
  shortages[#shortages + 1] = wait
end

-- Who takes the last that fits is told, and need not come again in vain.
local function take(c)
  local key = KEYS[c.k]
  if c.kind == 'lease' then
    redis.call('ZADD', key, now + m.leaseMs, m.lease)
    redis.call('PEXPIRE', key, 2 * m.leaseMs)
  elseif c.kind == 'total' then
    if addToTotal(key, c.amount, c.endsIn) + c.amount > c.limit then tell(c, c.endsIn) end
  else
    local beyond = addToWindow(key, c.window, c.amount) + c.amount - c.limit
    if beyond > 0 then
      local oldest = tonumber(redis.call('HGET', key, 'o'))
      tell(c, math.max(1, untilFreed(key, c.window, oldest, beyond)))
    end
  end
end

local function fits(claims)
  local pending, all = {}, true
  for _, claim in ipairs(claims) do
    local wait = waitFor(claim, pending)
    if wait ~= 0 and not claim.soft then
      tell(claim, wait)
      all = false
    end
  end
  return all
end

if m.batch > 0 and m.batch > (tonumber(redis.call('GET', KEYS[1])) or 0) then
  for _, correction in ipairs(m.corrections) do correct(correction) end
  redis.call('SET', KEYS[1], m.batch, 'PX', hour)
end

for _, opening in ipairs(m.openings) do
  local deadline = now + opening.forMs
  if deadline > (tonumber(redis.call('ZSCORE', KEYS[2], opening.id)) or 0) then
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
    redis.call('ZADD', KEYS[2], deadline, opening.id)
    redis.call('PEXPIRE', KEYS[2], day)
    redis.call('INCR', KEYS[3])
    redis.call('PEXPIRE', KEYS[3], 2 * day)
  end
end

local bonds = {}
for index, bond in ipairs(m.bonds) do
  local key = KEYS[bond.k]
  local bound = redis.call('GET', key)
  if bond.kind == 'bind' and (not bound or bound == bond.over or bound == bond.target) then
    redis.call('SET', key, bond.target, 'PX', bond.ttl)
    bound = bond.target
  elseif bond.kind == 'unbind' and bound == bond.target then
    redis.call('DEL', key)
    bound = false
  end
  bonds[index] = bound or ''
end

local wish = m.bound
local bound = wish and redis.call('GET', KEYS[wish.k])

local taken = 0
local function try(index)
  local claims = m.candidates[index]
  if taken > 0 or not fits(claims) then return end
  for _, claim in ipairs(claims) do take(claim) end
  taken = index
end
if bound then
  for index, target in ipairs(wish.targets) do
    if target == bound then try(index) end
  end
end
for index in ipairs(m.candidates) do
  if not bound or wish.targets[index] ~= bound then try(index) end
end

if wish and taken > 0 and (not bound or wish.targets[taken] == bound) then
  bound = wish.targets[taken]
  redis.call('SET', KEYS[wish.k], bound, 'PX', wish.ttl)
end

local version, openings = tonumber(redis.call('GET', KEYS[3])) or 0, {}
if version ~= m.seenVersion then
  local found = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1000)
  for index = 1, #found, 2 do
    openings[index] = found[index]
    openings[index + 1] = tonumber(found[index + 1]) - now
  end
end
return { taken, now, version, shortages, openings, bound or '', bonds }
`;
